import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  // As many as new data says that its server has: a standby may not have fewer.
  max_wal_senders: '10',
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
    standby = await startPostgresServer(await freePort(), REPLICATED, (folder) => followFromTheStart(primary, folder));
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

/** Both have begun with copies of the same data, and the primary still has all that it has written since. */
async function followFromTheStart(primary: PostgresServer, dataFolder: string): Promise<void> {
  const { hostname, port, username, password } = new URL(primary.url);
  const connection = `host=${hostname} port=${port} user=${username} password=${password}`;
  await writeFile(join(dataFolder, 'standby.signal'), '');
  await writeFile(join(dataFolder, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`);
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
