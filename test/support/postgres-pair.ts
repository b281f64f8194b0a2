import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from './free-port.js';
import { type PostgresServer, startPostgresServer } from './postgres-server.js';
import { waitUntil } from './wait-until.js';

/** Two servers as in production: what the primary answers is on the standby, too. */
export interface PostgresPair {
  primary: PostgresServer;
  standby: PostgresServer;
  /** The primary crashes, and the standby becomes the primary. */
  failOver(): Promise<void>;
  remove(): Promise<void>;
}

const REPLICATED = {
  wal_level: 'replica',
  max_wal_senders: '4',
  hot_standby: 'on',
  synchronous_commit: 'on',
};

export async function startPostgresPair(): Promise<PostgresPair> {
  const primary = await startPostgresServer(await freePort(), REPLICATED);
  let standby: PostgresServer | undefined;
  const remove = async () => {
    // The primary waits for what it has sent, so it goes last.
    await standby?.remove();
    await primary.remove();
  };
  try {
    await primary.stop();
    standby = await startPostgresServer(await freePort(), REPLICATED, (folder) => copyAsStandby(primary, folder));
    await primary.start();
    await waitUntil(async () => (await query(primary.url, 'select 1 from pg_stat_replication')).length === 1);
    // From now on a commit is answered when the standby has it.
    await query(primary.url, `alter system set synchronous_standby_names = '*'`);
    await query(primary.url, 'select pg_reload_conf()');
    await waitUntil(async () => (await query(primary.url, SYNCHRONOUS)).length === 1);
  } catch (error) {
    await remove();
    throw error;
  }
  const promoted = standby;
  const failOver = async () => {
    await primary.crash();
    await query(promoted.url, 'select pg_promote()');
    // The setting came over with the data, and there is no other standby to wait for.
    await query(promoted.url, 'alter system reset synchronous_standby_names');
    await query(promoted.url, 'select pg_reload_conf()');
  };
  return { primary, standby, failOver, remove };
}

const SYNCHRONOUS = `select 1 from pg_stat_replication where sync_state = 'sync'`;

async function copyAsStandby(primary: PostgresServer, folder: string): Promise<void> {
  // Its files belong to the user that the server runs as.
  await promisify(execFile)('cp', ['-a', primary.dataFolder, folder]);
  const { hostname, port, username, password } = new URL(primary.url);
  const connection = `host=${hostname} port=${port} user=${username} password=${password}`;
  await writeFile(join(folder, 'standby.signal'), '');
  await writeFile(join(folder, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`);
}

async function query(url: string, text: string): Promise<object[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}
