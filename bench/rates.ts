// What sign-ups, sign-ins and refreshes cost beside the hash and the signature that they need: npm run bench:rates [-- --quick].
// Writes docs/performance.md. Processor time, since requests per second depend on what else the machine does.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuthTestClient } from 'latchkey/testing';
import { freePort } from '../test/support/free-port.js';
import { startPostgresServer } from '../test/support/postgres-server.js';
import { firstMessage, stop } from './load.js';
import { machine } from './machine.js';
import { table } from './page.js';
import { rewritePage } from './rewrite-page.js';
import { type SelectAndUpdate, selectAndUpdate } from './select-and-update.js';
import { median } from './statistics.js';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : 15;
const CLIENTS = 8;
/** Of each client in a round. */
const SIGN_INS = 5;
const REFRESHES = 25;
const PASSWORD = 'correct-horse-1';
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** Of one round: milliseconds of one core for one of each, and how many a second of the last three. */
type Costs = Record<'hash' | 'sign' | 'sign-up' | 'sign-in' | 'refresh', number> &
  Record<'refreshesPerSecond' | 'signaturesPerSecond' | 'transactionsPerSecond', number>;

const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-rates-'));
const postgres = await startPostgresServer(await freePort(), { fsync: 'on', synchronous_commit: 'on' });
try {
  const stores = [
    { name: 'SQLite', core: { sqlite: join(folder, 'auth.sqlite') } },
    { name: 'PostgreSQL', core: { postgres: postgres.url } },
  ];
  const database = await selectAndUpdate(postgres.url);
  const rows: string[][] = [];
  const besides: string[][] = [];
  for (const { name, core } of stores) {
    for (const signingAlgorithm of ALGORITHMS) {
      const ownCore =
        'sqlite' in core
          ? { sqlite: `${core.sqlite}-${signingAlgorithm}` }
          : { ...core, schema: `a_${signingAlgorithm.toLowerCase()}` };
      const rounds = await measure({ ...ownCore, signingAlgorithm }, 'sqlite' in core ? undefined : database);
      rows.push([name, signingAlgorithm, ...cells(rounds)]);
      if ('postgres' in core) besides.push([signingAlgorithm, ...ratesOf(rounds)]);
    }
  }
  const head = [
    '',
    'signed by',
    'hash alone',
    'sign-up',
    'sign-in',
    'hash over sign-in',
    'signature alone',
    'refresh',
    'signature over refresh',
  ];
  const how = `${machine()}; milliseconds of one core, medians of ${ROUNDS} rounds.`;
  const beside = `Refreshes a second on PostgreSQL beside what the database and the signature alone allow, by the clock, from ${CLIENTS} clients on the same machine. ${database.by}: one select and one update by the primary key in a transaction, on ${CLIENTS} connections.`;
  const besideHead = ['signed by', 'refreshes', 'signatures', database.by, 'refreshes over the lower'];
  const text = [how, table(head, rows), beside, table(besideHead, besides)].join('\n\n');
  console.log(text);
  if (!isQuick) await rewritePage(PAGE, 'bench:rates', { rates: text });
} finally {
  await postgres.remove();
  await rm(folder, { recursive: true, force: true });
}

function cells(rounds: Costs[]): string[] {
  const of = (name: keyof Costs) => median(rounds.map((costs) => costs[name])).toFixed(2);
  const ratio = (part: keyof Costs, whole: keyof Costs) =>
    median(rounds.map((costs) => costs[part] / costs[whole])).toFixed(2);
  return [
    of('hash'),
    of('sign-up'),
    of('sign-in'),
    ratio('hash', 'sign-in'),
    of('sign'),
    of('refresh'),
    ratio('sign', 'refresh'),
  ];
}

function ratesOf(rounds: Costs[]): string[] {
  const of = (name: keyof Costs) => median(rounds.map((costs) => costs[name])).toFixed(0);
  const toLower = (costs: Costs) =>
    costs.refreshesPerSecond / Math.min(costs.signaturesPerSecond, costs.transactionsPerSecond);
  const ratio = median(rounds.map(toLower)).toFixed(2);
  return [of('refreshesPerSecond'), of('signaturesPerSecond'), of('transactionsPerSecond'), ratio];
}

async function measure(core: object, database: SelectAndUpdate | undefined): Promise<Costs[]> {
  const server = fork(fileURLToPath(new URL('rates-server.js', import.meta.url)), [JSON.stringify(core)]);
  try {
    const { url } = await firstMessage<{ url: string }>(server, 'the application');
    const rounds: Costs[] = [];
    // The first round is for warming up.
    for (let round = 0; round <= ROUNDS; round++) {
      const transactionsPerSecond = (await database?.measure(CLIENTS, 1)) ?? Number.NaN;
      rounds.push({ ...(await oneRound(server, url, round)), transactionsPerSecond });
    }
    return rounds.slice(1);
  } finally {
    await stop(server);
  }
}

async function oneRound(
  server: ChildProcess,
  url: string,
  round: number,
): Promise<Omit<Costs, 'transactionsPerSecond'>> {
  const clients = Array.from({ length: CLIENTS }, (_, at) => ({
    email: `user-${round}-${at}@example.com`,
    client: new AuthTestClient({ url }),
  }));
  const each = (times: number, call: (one: (typeof clients)[number]) => Promise<Response>) => async () => {
    const lane = async (one: (typeof clients)[number]) => {
      for (let time = 0; time < times; time++) await expectOk(await call(one));
    };
    await Promise.all(clients.map(lane));
  };
  const bare = (name: string, times: number) => cost(server, times, `${name} ${times}`);
  const costs = {
    'sign-up': await cost(
      server,
      CLIENTS,
      each(1, ({ client, email }) => client.signUp(email, PASSWORD)),
    ),
    hash: await bare('hash', CLIENTS * SIGN_INS),
    'sign-in': await cost(
      server,
      CLIENTS * SIGN_INS,
      each(SIGN_INS, ({ client, email }) => client.signIn(email, PASSWORD)),
    ),
  };
  const times = CLIENTS * REFRESHES;
  const before = performance.now();
  const sign = await bare('sign', times);
  const between = performance.now();
  const refresh = await cost(
    server,
    times,
    each(REFRESHES, ({ client }) => client.refresh()),
  );
  const perSecond = (ms: number) => (times / ms) * 1000;
  return {
    ...costs,
    sign,
    refresh,
    signaturesPerSecond: perSecond(between - before),
    refreshesPerSecond: perSecond(performance.now() - between),
  };
}

/** @param work what is done meanwhile, or the message by which the server does it */
async function cost(server: ChildProcess, times: number, work: string | (() => Promise<void>)): Promise<number> {
  const before = await usedMs(server, 'tell');
  if (typeof work !== 'string') await work();
  return ((await usedMs(server, typeof work === 'string' ? work : 'tell')) - before) / times;
}

async function usedMs(server: ChildProcess, message: string): Promise<number> {
  const answer = once(server, 'message');
  server.send(message);
  const [{ user, system }] = (await answer) as [NodeJS.CpuUsage];
  return (user + system) / 1000;
}

async function expectOk(response: Response): Promise<void> {
  const text = await response.text();
  if (response.status !== 200 || (text !== '' && text.includes('"status":') && !text.includes('"OK"'))) {
    throw new Error(`${response.url}: ${response.status} ${text}`);
  }
}
