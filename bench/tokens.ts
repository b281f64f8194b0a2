// What a guarded request costs by how many access tokens there are, and by what is asked of the session:
// npm run bench:tokens [-- --quick]. Writes docs/performance.md.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inTurns } from './in-turns.js';
import { firstMessage, load, stop, type Load } from './load.js';
import { machine } from './machine.js';
import { number, table } from './page.js';
import { rewritePage } from './rewrite-page.js';
import { median } from './statistics.js';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : 20;
const CONNECTIONS = 50;
const REQUESTS = { Express: 1000, Fastify: 3000 };
const WARM_UP = { duration: 2 };
/** More than a process remembers: in turn, each is forgotten before it comes again. */
const TOKENS = isQuick ? 12_000 : 30_000;
const REMEMBERED = 1000;
const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

interface Row {
  name: string;
  path: string;
  /** How many of the tokens come in turn. */
  tokens: number;
}

const BASELINE: Row = { name: 'guard that returns true', path: '/noop', tokens: 1 };
const ROWS: Row[] = [
  BASELINE,
  { name: '@Session(), one token', path: '/session', tokens: 1 },
  { name: `@Session(), ${number(REMEMBERED)} tokens`, path: '/session', tokens: REMEMBERED },
  { name: `@Session(), ${number(TOKENS)} tokens, each as if first seen`, path: '/session', tokens: TOKENS },
  { name: '@Session() with a role and a permission', path: '/roles', tokens: 1 },
  { name: '@Session() with ten claim validators', path: '/validators', tokens: 1 },
];

const parts: string[] = [];
for (const framework of ['Express', 'Fastify'] as const) {
  parts.push(`**${framework}**`, await measure(framework));
}
const how = `${machine()}; requests from the same machine by ${CONNECTIONS} connections, tokens by header, medians of ${ROUNDS} rounds.`;
const text = [how, ...parts].join('\n\n');
console.log(text);
if (!isQuick) await rewritePage(PAGE, 'bench:tokens', { tokens: text });

async function measure(framework: keyof typeof REQUESTS): Promise<string> {
  const server = fork(fileURLToPath(new URL('server.js', import.meta.url)), [framework, String(TOKENS)]);
  try {
    const { url, accessTokens } = await firstMessage<{ url: string; accessTokens: string[] }>(
      server,
      `The application on ${framework}`,
    );
    const measured = await measureRows(server, { url, accessTokens, amount: REQUESTS[framework] });
    const baseline = measured.get(BASELINE)!;
    const rows = [...measured].map(([{ name }, loads]) => [name, ...cells(loads, baseline)]);
    return table(['', 'requests/s', 'µs of CPU', 'CPU of the first over its own', 'p50 ms', 'p99 ms'], rows);
  } finally {
    await stop(server);
  }
}

async function measureRows(
  server: ChildProcess,
  { url, accessTokens, amount }: { url: string; accessTokens: string[]; amount: number },
): Promise<Map<Row, Load[]>> {
  const next = new Map<Row, () => Record<string, string>>();
  for (const row of ROWS) {
    let at = 0;
    next.set(row, () => ({ authorization: `Bearer ${accessTokens[at++ % row.tokens]}` }));
  }
  const measureRow = (row: Row, length: { duration: number } | { amount: number }) =>
    load(server, { url: url + row.path, headers: next.get(row)!, connections: CONNECTIONS, length });
  for (const row of ROWS) await measureRow(row, WARM_UP);
  return inTurns(ROWS, ROUNDS, (row) => measureRow(row, { amount }));
}

function cells(loads: Load[], baseline: Load[]): string[] {
  const of = (read: (one: Load) => number) => median(loads.map(read));
  const ratio = median(loads.map(({ cpuPerRequest }, round) => baseline[round]!.cpuPerRequest / cpuPerRequest));
  return [
    number(Math.round(of((one) => one.requestsPerSecond))),
    of((one) => one.cpuPerRequest).toFixed(1),
    ratio.toFixed(2),
    of((one) => one.p50).toFixed(0),
    of((one) => one.p99).toFixed(0),
  ];
}
