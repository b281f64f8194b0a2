import { execFileSync, spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { Client } from 'pg';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

export interface PgBouncer {
  url: string;
  stop(): Promise<void>;
}

/** Debian's package puts it where only root looks for programs. */
const program = ['pgbouncer', '/usr/sbin/pgbouncer'].find(runs);

export const hasPgBouncer = program !== undefined;

function runs(path: string): boolean {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * The real pgbouncer in transaction mode, in front of the database of a URL. As in `PostgresPooler` two transactions of
 * one client seldom get the same connection.
 * @param changes of its settings
 */
export async function startPgBouncer(
  target: string,
  connections: number,
  changes: Record<string, string> = {},
): Promise<PgBouncer> {
  const { hostname, port, username, password, pathname } = new URL(target);
  const folder = await temporaryFolder();
  const listenPort = await freePort();
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: listenPort,
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: 'transaction',
    default_pool_size: connections,
    server_round_robin: 1,
    // A server that was away is asked again this soon.
    server_login_retry: 1,
    ...changes,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const database = `* = host=${hostname} port=${port} user=${username} password=${password}`;
  const file = folder.path('pgbouncer.ini');
  await writeFile(file, ['[databases]', database, '[pgbouncer]', ...lines, ''].join('\n'));

  const asRoot = userInfo().uid === 0;
  // It refuses to run as root, as PostgreSQL does, and reads the file as somebody else.
  if (asRoot) await chmod(folder.path('.'), 0o755);
  const running = spawn(program!, [...(asRoot ? ['-u', 'nobody'] : []), file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  running.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-10_000)));
  const ended = new Promise<void>((done) => running.on('close', () => done()));

  const url = `postgres://${username}:${password}@127.0.0.1:${listenPort}${pathname}`;
  const stop = async () => {
    running.kill('SIGINT');
    await ended;
    await folder.remove();
  };
  try {
    await waitUntil(() => answers(url));
  } catch (error) {
    await stop();
    throw new Error(`pgbouncer does not answer:\n${log}`, { cause: error });
  }
  return { url, stop };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client(url);
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
