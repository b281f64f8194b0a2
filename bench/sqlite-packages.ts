// What each package for SQLite costs, below the core: npm run bench:sqlite, on Node 22.13 or later with better-sqlite3
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { betterSqlite3 } from '../lib/core/embedded/storage/sqlite/better-sqlite3.js';
import { openSqlite } from '../lib/core/embedded/storage/sqlite/connection.js';
import { nodeSqlite } from '../lib/core/embedded/storage/sqlite/node-sqlite.js';
import { median } from './statistics.js';

const ROUNDS = 15;
const STATEMENTS = 5000;

type Work = (db: Kysely<unknown>, n: number) => Promise<unknown>;

const WORK: Record<string, Work> = {
  'insert, a commit each': (db, n) =>
    sql`insert into sessions (handle, user_id, expires_at_ms) values (${`h${n}`}, ${`u${n % 100}`}, ${n})`.execute(db),
  'one row by its key': (db, n) => sql`select * from sessions where handle = ${`h${n}`}`.execute(db),
  'fifty rows': (db, n) => sql`select * from sessions where user_id = ${`u${n % 100}`} limit 50`.execute(db),
  'update, a commit each': (db, n) =>
    sql`update sessions set expires_at_ms = expires_at_ms + 1 where handle = ${`h${n}`}`.execute(db),
};

const [better, ofNode] = [await betterSqlite3(), nodeSqlite()];
if (typeof better !== 'function' || ofNode === undefined) throw new Error('Both packages have to work here');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const opened = await Promise.all([
  openSqlite(join(folder, 'better.sqlite'), better),
  openSqlite(join(folder, 'node.sqlite'), ofNode),
]);
const databases = opened.map(({ kysely }) => kysely);
for (const db of databases) {
  await sql`create table sessions (handle text primary key, user_id text, expires_at_ms integer) strict`.execute(db);
  await sql`create index sessions_user on sessions (user_id)`.execute(db);
}

console.log(
  `Node ${process.version}; ${ROUNDS} rounds of ${STATEMENTS} statements, in turn; µs of CPU each, medians\n`,
);
console.log(''.padEnd(24), 'better-sqlite3'.padStart(15), 'node:sqlite'.padStart(12), 'ratio'.padStart(7));
for (const [name, work] of Object.entries(WORK)) {
  const costs = databases.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) costs[at]!.push(await cpuOf(work, databases[at]!, round));
  }
  const ratio = median(costs[0]!.map((cost, round) => costs[1]![round]! / cost));
  const columns = [median(costs[0]!).toFixed(1).padStart(15), median(costs[1]!).toFixed(1).padStart(12)];
  console.log(name.padEnd(24), ...columns, ratio.toFixed(2).padStart(7));
}
for (const db of databases) await db.destroy();
rmSync(folder, { recursive: true });

async function cpuOf(work: Work, db: Kysely<unknown>, round: number): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < STATEMENTS; n++) await work(db, round * STATEMENTS + n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / STATEMENTS;
}
