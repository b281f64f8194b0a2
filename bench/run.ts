// What a guard costs: npm run bench [-- --quick]
import { fork, type ChildProcess } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { firstMessage, load, stop, type Load } from './load.js';
import { median } from './statistics.js';

interface Ready {
  url: string;
  accessToken: string;
}

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 5 : 15;
const SECONDS = isQuick ? 1 : 2;
const CONNECTIONS = 50;
const ROUTES = [
  { name: 'no guard', path: '/open' },
  { name: 'guard that returns true', path: '/noop' },
  { name: '@Session()', path: '/session' },
  { name: '@Session({ roles, permissions })', path: '/roles' },
];

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`);
console.log(`${ROUNDS} rounds of ${SECONDS} s for each route, in turn, ${CONNECTIONS} connections; medians\n`);
for (const framework of ['Express', 'Fastify']) await measure(framework);

/**
 * Routes take turns within each round, so that a drift of the machine's speed meets them all alike, and all
 * are asked by the same requests, so that what differs is the guard alone. On a machine that does other things as well,
 * requests per second say little; the processor time that the server used for each stays what it is.
 */
async function measure(framework: string): Promise<void> {
  const server = fork(fileURLToPath(new URL('server.js', import.meta.url)), [framework]);
  try {
    const { url, accessToken } = await firstMessage<Ready>(server, `The application on ${framework}`);
    const columns = ['requests/s', 'ratio', 'µs of CPU', 'ratio'].map((column) => column.padStart(12));
    console.log(framework.padEnd(42), ...columns, '  to the guard that returns true');
    await measureRoutes(server, url, 'header', { authorization: `Bearer ${accessToken}` });
    await measureRoutes(server, url, 'cookie', { cookie: `sAccessToken=${accessToken}` });
    console.log();
  } finally {
    await stop(server);
  }
}

async function measureRoutes(
  server: ChildProcess,
  url: string,
  transfer: string,
  headers: Record<string, string>,
): Promise<void> {
  const measureRoute = (path: string) =>
    load(server, { url: `${url}${path}`, headers, connections: CONNECTIONS, seconds: SECONDS });
  for (const route of ROUTES) await measureRoute(route.path);
  const loads = new Map(ROUTES.map((route) => [route, [] as Load[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const route of round % 2 === 0 ? ROUTES : ROUTES.toReversed()) {
      loads.get(route)!.push(await measureRoute(route.path));
    }
  }
  const baseline = loads.get(ROUTES[1]!)!;
  for (const [{ name }, measured] of loads) {
    const rates = measured.map(({ requestsPerSecond }) => requestsPerSecond);
    const costs = measured.map(({ cpuPerRequest }) => cpuPerRequest);
    // Each round's ratio is taken within the round.
    const rateRatio = median(rates.map((rate, round) => rate / baseline[round]!.requestsPerSecond));
    const cpuRatio = median(costs.map((cost, round) => baseline[round]!.cpuPerRequest / cost));
    const columns = [median(rates).toFixed(0), rateRatio.toFixed(3), median(costs).toFixed(1), cpuRatio.toFixed(3)];
    console.log(`  ${name} (${transfer})`.padEnd(42), ...columns.map((column) => column.padStart(12)));
  }
}
