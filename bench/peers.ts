// Guarded requests of Latchkey beside those of what else guards routes in NestJS, and what each costs at start:
// npm run bench:peers [-- --quick]. BENCH_NODE=/path/to/node runs the applications by another Node. Writes docs/performance.md.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CoreServiceProcess } from '../test/support/core-service-process.js';
import { barChart } from './bar-chart.js';
import { inTurns } from './in-turns.js';
import { firstMessage, load, stop, type Load } from './load.js';
import { machine } from './machine.js';
import { number, table } from './page.js';
import { rewritePage } from './rewrite-page.js';
import { median, percentile } from './statistics.js';

type Transfer = 'header' | 'cookie';

interface Started {
  nodeVersion: string;
  url: string;
  startMs: number;
  residentBytes: number;
  credentials: Partial<Record<Transfer, Record<string, string>>>;
}

/** Somebody's requests to one application. */
interface Entry {
  peer: string;
  transfer: Transfer;
  server: ChildProcess;
  url: string;
  headers: Record<string, string>;
  loads: Load[];
}

const PEERS = ['nothing', 'latchkey', 'passport-jwt', 'supertokens-node', 'better-auth', 'better-auth, cookie cache'];
const FRAMEWORKS = ['Express', 'Fastify'];
const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 2 : 7;
const STARTS = isQuick ? 1 : 5;
const LENGTH = { duration: 1 };
const CONNECTIONS = isQuick ? [50] : [1, 50, 256];

const root = new URL('../../', import.meta.url);
const server = fileURLToPath(new URL('bench/peers/dist/server.js', root));
const page = fileURLToPath(new URL('docs/performance.md', root));
const core = new CoreServiceProcess(fileURLToPath(new URL('dist/src/cli/latchkey.js', root)), {
  LATCHKEY_DATABASE: 'sqlite::memory:',
});

try {
  await run();
} finally {
  await core.end();
}

async function run(): Promise<void> {
  const coreUrl = await core.url();
  const before = loadavg();
  const parts: string[] = [];
  const charts: Record<string, string> = {};
  let nodeVersion = '';
  for (const framework of FRAMEWORKS) {
    const starts = await measureStarts(framework, coreUrl);
    nodeVersion = starts.nodeVersion;
    for (const connections of CONNECTIONS) {
      const entries = await measureRequests(framework, coreUrl, connections);
      parts.push(`**${framework}, ${connections === 1 ? 'one connection' : `${connections} connections`}**`);
      parts.push(requestsTable(entries));
      if (connections === 50) charts[framework.toLowerCase()] = requestsChart(framework, entries);
    }
    parts.push(`**${framework}, one process**`, starts.table);
  }
  const major = /^v(\d+)/.exec(nodeVersion)![1]!;
  const how = `${machine(nodeVersion, before)} before; requests from the same machine. ${versions()}.`;
  const text = [how, ...Object.keys(charts).map((name) => chartOf(name, major)), ...parts].join('\n\n');
  console.log(text);
  if (isQuick) return;
  await mkdir(new URL('docs/performance/', root), { recursive: true });
  for (const [name, chart] of Object.entries(charts))
    await writeFile(new URL(`docs/${chartPath(name, major)}`, root), chart);
  await rewritePage(page, 'bench:peers', { [`node ${major}`]: text });
}

function start(peer: string, framework: string, coreUrl: string): ChildProcess {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', CORE_URL: coreUrl };
  return fork(server, [peer, framework], { env, execArgv: [], execPath: process.env.BENCH_NODE ?? process.execPath });
}

async function measureStarts(framework: string, coreUrl: string): Promise<{ nodeVersion: string; table: string }> {
  const starts = new Map(PEERS.map((peer) => [peer, [] as Started[]]));
  for (let round = 0; round < STARTS; round++) {
    for (const [peer, measured] of starts) {
      const application = start(peer, framework, coreUrl);
      measured.push(await firstMessage<Started>(application, peer));
      await stop(application);
    }
  }
  const nothing = starts.get('nothing')!;
  const rows = [...starts].map(([peer, measured]) => {
    const [time, memory] = (['startMs', 'residentBytes'] as const).map((key) => {
      const value = median(measured.map((each) => each[key]));
      return [value, value - median(nothing.map((each) => each[key]))] as const;
    });
    const cells = [time![0].toFixed(0), signed(time![1]), megabytes(memory![0]), signed(memory![1] / 2 ** 20)];
    return [peer, ...cells];
  });
  const head = ['', 'Listens after ms', 'more than nothing', 'Resident MiB', 'more than nothing'];
  return { nodeVersion: nothing[0]!.nodeVersion, table: table(head, rows) };
}

async function measureRequests(framework: string, coreUrl: string, connections: number): Promise<Entry[]> {
  const servers: ChildProcess[] = [];
  const entries: Entry[] = [];
  try {
    for (const peer of PEERS) {
      const application = start(peer, framework, coreUrl);
      servers.push(application);
      const { url, credentials } = await firstMessage<Started>(application, peer);
      for (const [transfer, headers] of Object.entries(credentials) as [Transfer, Record<string, string>][]) {
        entries.push({ peer, transfer, server: application, url: `${url}/guarded`, headers, loads: [] });
      }
    }
    const measure = ({ server: application, url, headers }: Entry) =>
      load(application, { url, headers, connections, length: LENGTH });
    for (const entry of entries) await measure(entry);
    for (const [entry, loads] of await inTurns(entries, ROUNDS, measure)) entry.loads.push(...loads);
    return entries;
  } finally {
    await Promise.all(servers.map(stop));
  }
}

function requestsTable(entries: Entry[]): string {
  const rows = entries.map((entry) => {
    const nothing = entries.find(({ peer, transfer }) => peer === 'nothing' && transfer === entry.transfer)!;
    // Each round's ratio is taken within the round.
    const ratios = entry.loads.map((each, at) => each.requestsPerSecond / nothing.loads[at]!.requestsPerSecond);
    const spread = [25, 75].map((percent) => percentile(ratios, percent).toFixed(2)).join(' to ');
    const cpu = median(entry.loads.map(({ cpuPerRequest }) => cpuPerRequest));
    const [p50, p99] = [median(entry.loads.map((each) => each.p50)), median(entry.loads.map((each) => each.p99))];
    const cells = [number(rateOf(entry)), median(ratios).toFixed(2), spread, cpu.toFixed(0), `${p50}`, `${p99}`];
    return [entry.peer, entry.transfer, ...cells];
  });
  const head = ['', 'carried by', 'requests/s', 'to nothing', 'half of the rounds', 'µs of CPU', 'p50 ms', 'p99 ms'];
  return table(head, rows);
}

function requestsChart(framework: string, entries: Entry[]): string {
  const bars = entries.map((entry) => ({
    label: `${entry.peer} (${entry.transfer})`,
    value: rateOf(entry),
    isOurs: entry.peer === 'latchkey',
  }));
  return barChart(`Guarded requests on ${framework}`, 'a second, 50 connections', bars);
}

function rateOf({ loads }: Entry): number {
  return Math.round(median(loads.map(({ requestsPerSecond }) => requestsPerSecond)));
}

function chartPath(name: string, major: string): string {
  return `performance/guard-${name}-node-${major}.svg`;
}

function chartOf(name: string, major: string): string {
  return `![Guarded requests on ${name}, a second](${chartPath(name, major)})`;
}

function versions(): string {
  const require = createRequire(server);
  const packages = [
    '@nestjs/core',
    'express',
    'fastify',
    'passport-jwt',
    '@nestjs/passport',
    'supertokens-node',
    'better-auth',
  ];
  return packages.map((name) => `${name} ${versionOf(name, require)}`).join(', ');
}

function versionOf(name: string, require: NodeJS.Require): string {
  const folder = require.resolve.paths(name)!.map((path) => `${path}/${name}/package.json`);
  for (const file of folder) {
    try {
      return (require(file) as { version: string }).version;
    } catch {
      // It is in a folder further up.
    }
  }
  throw new Error(`${name} is not installed`);
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function signed(value: number): string {
  return value < 0.5 ? value.toFixed(0) : `+${value.toFixed(0)}`;
}
