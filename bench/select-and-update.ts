// What the database itself does: transactions of one select and one update by the primary key, a second. By pgbench where it is
// installed (Debian: postgresql-contrib), else by a loop of the driver over as many connections, which is a stand-in.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Pool } from 'pg';

const ROWS = 1000;
const run = promisify(execFile);

export interface SelectAndUpdate {
  /** What measures: `pgbench`, or `pg in a loop`. */
  by: string;
  /** @returns transactions a second */
  measure(connections: number, seconds: number): Promise<number>;
}

/** @param url of a database, where a table `bench_rows` is made */
export async function selectAndUpdate(url: string): Promise<SelectAndUpdate> {
  const client = new Client(url);
  await client.connect();
  await client.query('create table if not exists bench_rows (id text primary key, value text not null)');
  await client.query(
    `insert into bench_rows select i::text, 'x' from generate_series(1, ${ROWS}) as n(i) on conflict do nothing`,
  );
  await client.end();
  try {
    await run('pgbench', ['--version']);
  } catch {
    return { by: 'pg in a loop', measure: (connections, seconds) => byDriver(url, connections, seconds) };
  }
  return { by: 'pgbench', measure: (connections, seconds) => byPgbench(url, connections, seconds) };
}

async function byPgbench(url: string, connections: number, seconds: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-pgbench-'));
  try {
    const script = join(folder, 'select-and-update.sql');
    const text = `\\set id random(1, ${ROWS})
begin;
select value from bench_rows where id = :id::text;
update bench_rows set value = md5(value) where id = :id::text;
commit;
`;
    await writeFile(script, text);
    const options = ['--no-vacuum', '--protocol=prepared', `--client=${connections}`, `--time=${seconds}`];
    const { stdout } = await run('pgbench', [...options, `--file=${script}`, url]);
    const [, perSecond] = /^tps = ([\d.]+)/m.exec(stdout) ?? [];
    if (perSecond === undefined) throw new Error(`pgbench says no tps: ${stdout}`);
    return Number(perSecond);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function byDriver(url: string, connections: number, seconds: number): Promise<number> {
  const pool = new Pool({ connectionString: url, max: connections });
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const lane = async () => {
    const client = await pool.connect();
    while (performance.now() < end) {
      const id = String(1 + Math.floor(Math.random() * ROWS));
      await client.query('begin');
      await client.query({ name: 'select', text: 'select value from bench_rows where id = $1', values: [id] });
      await client.query({
        name: 'update',
        text: 'update bench_rows set value = md5(value) where id = $1',
        values: [id],
      });
      await client.query('commit');
      done++;
    }
    client.release();
  };
  await Promise.all(Array.from({ length: connections }, lane));
  await pool.end();
  return done / seconds;
}
