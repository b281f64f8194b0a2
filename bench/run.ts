// What a guard costs: npm run bench, which writes bench/ratios.json, or npm run bench -- --quick, which fails where a ratio is
// much worse than there.
import { fork, type ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { inTurns } from './in-turns.js';
import { firstMessage, load, stop, type LoadOptions } from './load.js';
import { median } from './statistics.js';

interface Ready {
  url: string;
  accessTokens: [string];
}

type Ratios = Record<string, number>;

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 15 : 60;
/** Of one turn: about a fifth of a second, so that what else the machine does meets all routes of a round. */
const REQUESTS = { Express: 1000, Fastify: 3000 };
const WARM_UP = { duration: 2 };
const CONNECTIONS = 50;
const ROUTES = [
  { name: 'no guard', path: '/open' },
  { name: 'guard that returns true', path: '/noop' },
  { name: '@Session()', path: '/session' },
  { name: '@Session({ roles, permissions })', path: '/roles' },
];
/** A ratio that is less than this part of the committed one fails the quick form. */
const TOLERANCE = 0.85;
const RATIOS = fileURLToPath(new URL('../../bench/ratios.json', import.meta.url));

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`);
console.log(`${ROUNDS} rounds of each route, in turn, ${CONNECTIONS} connections; medians\n`);
const FRAMEWORKS = ['Express', 'Fastify'] as const;
type Framework = (typeof FRAMEWORKS)[number];

const ratios: Ratios = {};
for (const framework of FRAMEWORKS) Object.assign(ratios, await measure(framework));
if (isQuick) await compare(ratios);
else await writeFile(RATIOS, `${JSON.stringify(ratios, null, 2)}\n`);

/** A process may be slow by itself, and stay so: where a ratio is too low another process is measured, and both must say so. */
async function compare(measured: Ratios): Promise<void> {
  const committed = JSON.parse(await readFile(RATIOS, 'utf8')) as Ratios;
  const isTooLow = (name: string, ratio: number) => ratio < committed[name]! * TOLERANCE;
  for (const framework of FRAMEWORKS) {
    const low = Object.keys(committed).filter((name) => name.startsWith(framework) && isTooLow(name, measured[name]!));
    if (low.length === 0) continue;
    const again = await measure(framework);
    for (const name of low) {
      const least = (committed[name]! * TOLERANCE).toFixed(3);
      const found = `${name}: ${measured[name]!.toFixed(3)}, and ${again[name]!.toFixed(3)} in another process`;
      console.error(`${found}; at least ${least} is wanted, since bench/ratios.json has ${committed[name]}.`);
      if (isTooLow(name, again[name]!)) process.exitCode = 1;
    }
  }
}

/**
 * Routes take turns within each round, so that a drift of the machine's speed meets them all alike, and all
 * are asked by the same requests, so that what differs is the guard alone. On a machine that does other things as well,
 * requests per second say little; the processor time that the server used for each stays what it is.
 * @returns for each `@Session()` and way to carry it, the processor time of the guard that returns true over its own
 */
async function measure(framework: Framework): Promise<Ratios> {
  const server = fork(fileURLToPath(new URL('server.js', import.meta.url)), [framework]);
  try {
    const { url, accessTokens } = await firstMessage<Ready>(server, `The application on ${framework}`);
    const [accessToken] = accessTokens;
    const columns = ['requests/s', 'ratio', 'µs of CPU', 'ratio'].map((column) => column.padStart(12));
    console.log(framework.padEnd(42), ...columns, '  to the guard that returns true');
    const target = { server, url, length: { amount: REQUESTS[framework] } };
    const header = await measureRoutes(target, 'header', { authorization: `Bearer ${accessToken}` });
    const cookie = await measureRoutes(target, 'cookie', { cookie: `sAccessToken=${accessToken}` });
    console.log();
    const named = Object.entries({ ...header, ...cookie }).map(([name, ratio]) => [`${framework}, ${name}`, ratio]);
    return Object.fromEntries(named) as Ratios;
  } finally {
    await stop(server);
  }
}

async function measureRoutes(
  { server, url, length }: { server: ChildProcess; url: string; length: LoadOptions['length'] },
  transfer: string,
  headers: Record<string, string>,
): Promise<Ratios> {
  const measureRoute = (path: string, of: LoadOptions['length']) =>
    load(server, { url: `${url}${path}`, headers, connections: CONNECTIONS, length: of });
  for (const route of ROUTES) await measureRoute(route.path, WARM_UP);
  const loads = await inTurns(ROUTES, ROUNDS, (route) => measureRoute(route.path, length));
  const baseline = loads.get(ROUTES[1]!)!;
  const ratios: Ratios = {};
  for (const [{ name }, measured] of loads) {
    const rates = measured.map(({ requestsPerSecond }) => requestsPerSecond);
    const costs = measured.map(({ cpuPerRequest }) => cpuPerRequest);
    // Each round's ratio is taken within the round.
    const rateRatio = median(rates.map((rate, round) => rate / baseline[round]!.requestsPerSecond));
    const cpuRatio = median(costs.map((cost, round) => baseline[round]!.cpuPerRequest / cost));
    const columns = [median(rates).toFixed(0), rateRatio.toFixed(3), median(costs).toFixed(1), cpuRatio.toFixed(3)];
    console.log(`  ${name} (${transfer})`.padEnd(42), ...columns.map((column) => column.padStart(12)));
    if (name.startsWith('@Session')) ratios[`${name} (${transfer})`] = Number(cpuRatio.toFixed(3));
  }
  return ratios;
}
