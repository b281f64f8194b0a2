// What a guard costs: npm run bench [-- --quick]
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { median } from './statistics.js';

interface Ready {
  url: string;
  accessToken: string;
}

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : 9;
const SECONDS = isQuick ? 1 : 3;
const CONNECTIONS = 50;
const ROUTES = [
  { name: 'no guard', path: '/open' },
  { name: 'guard that returns true', path: '/noop' },
  { name: '@Session()', path: '/session' },
];

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`);
console.log(`${ROUNDS} rounds of ${SECONDS} s for each route, in turn, ${CONNECTIONS} connections; medians\n`);
for (const framework of ['Express', 'Fastify']) await measure(framework);

/**
 * Routes take turns within each round, so that a drift of the machine's speed meets them all alike, and all
 * are asked by the same requests, so that what differs is the guard alone.
 */
async function measure(framework: string): Promise<void> {
  const server = fork(fileURLToPath(new URL('server.js', import.meta.url)), [framework]);
  try {
    const [{ url, accessToken }] = (await once(server, 'message')) as [Ready];
    console.log(framework.padEnd(34), 'requests/s'.padStart(12), 'ratio to the guard that returns true'.padStart(38));
    await measureRoutes(url, 'header', { authorization: `Bearer ${accessToken}` });
    await measureRoutes(url, 'cookie', { cookie: `sAccessToken=${accessToken}` });
    console.log();
  } finally {
    await stop(server);
  }
}

async function measureRoutes(url: string, transfer: string, headers: Record<string, string>): Promise<void> {
  for (const route of ROUTES) await load(`${url}${route.path}`, headers, 1);
  const rates = new Map(ROUTES.map((route) => [route, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const route of round % 2 === 0 ? ROUTES : ROUTES.toReversed()) {
      rates.get(route)!.push(await load(`${url}${route.path}`, headers, SECONDS));
    }
  }
  const baseline = rates.get(ROUTES[1]!)!;
  for (const [{ name }, measured] of rates) {
    // Each round's ratio is taken within the round.
    const ratio = median(measured.map((rate, round) => rate / baseline[round]!));
    const label = `  ${name} (${transfer})`;
    console.log(label.padEnd(34), median(measured).toFixed(0).padStart(12), ratio.toFixed(3).padStart(38));
  }
}

async function load(url: string, headers: Record<string, string>, seconds: number): Promise<number> {
  const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} requests failed`);
  }
  return result.requests.total / result.duration;
}

async function stop(server: ChildProcess): Promise<void> {
  const exited = once(server, 'exit');
  server.disconnect();
  await exited;
}
