// What attempt limits let through over two replicas, and what others feel: npm run bench:limits [-- --quick]
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AuthTestClient } from 'latchkey/testing';
import { freePort } from '../test/support/free-port.js';
import { startPostgresServer } from '../test/support/postgres-server.js';
import type { Answers, Attack, ReplicaOptions } from './limits-attack.js';
import { ratesPart } from './limits-page.js';
import { number, table } from './page.js';
import { rewritePage } from './rewrite-page.js';
import { percentile } from './statistics.js';

const isQuick = process.argv.includes('--quick');
const GUESSES = isQuick ? 1000 : 10_000;
const ADDRESSES = GUESSES / 10;
const QUIET_SAMPLES = isQuick ? 100 : 300;
const PASSWORD = 'correct horse battery 1';
const PAGE = fileURLToPath(new URL('../../docs/security/limits.md', import.meta.url));

interface Scenario {
  name: string;
  accounts: number;
  addresses: number;
}

const SCENARIOS: Scenario[] = [
  { name: 'one account, from one address', accounts: 1, addresses: 1 },
  { name: `one account, from ${number(ADDRESSES)} addresses`, accounts: 1, addresses: ADDRESSES },
  { name: `${number(GUESSES)} accounts, from one address`, accounts: GUESSES, addresses: 1 },
  {
    name: `${number(GUESSES)} accounts, from ${number(ADDRESSES)} addresses`,
    accounts: GUESSES,
    addresses: ADDRESSES,
  },
];

/** A person who has signed up, and the browser in which that was. */
interface Person {
  email: string;
  browser: AuthTestClient;
}

interface Outcome {
  scenario: Scenario;
  answers: Answers;
  checks: number;
  seconds: number;
  /** Whether people with the right password were signed in when half of the guesses were answered. */
  signIns: string[];
  times: Times;
}

type Times = Record<'guarded' | 'refresh', number[]>;

const SIGN_INS = [
  'the owner, known device',
  'the owner, another device',
  'somebody else, elsewhere',
  "somebody else, at the attacker's address",
];

const folder = new URL('./', import.meta.url);
const start = (file: string, ...input: string[]) => fork(fileURLToPath(new URL(file, folder)), input);

const server = await startPostgresServer(await freePort());
const children: ChildProcess[] = [];
try {
  await run();
} finally {
  for (const child of children) child.disconnect();
  await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
  await server.remove();
}

async function run(): Promise<void> {
  const options: ReplicaOptions = { postgres: server.url, schema: 'limits', domain: 'http://127.0.0.1:3000' };
  // The first one makes the tables.
  const replicas: { process: ChildProcess; url: string }[] = [];
  for (let at = 0; at < 2; at++) {
    const replica = start('limits-replica.js', JSON.stringify(options));
    children.push(replica);
    const [{ url }] = (await once(replica, 'message')) as [{ url: string }];
    replicas.push({ process: replica, url });
  }
  const attacker = start('limits-attacker.js');
  children.push(attacker);
  await answerTo(replicas[0]!.process, { kind: 'make-accounts', count: GUESSES });

  const urls = replicas.map(({ url }) => url);
  const guest = await newPerson('guest@example.com', urls[0]!);
  const load = loadavg()[0]!;
  const quiet = await sample(guest.browser, (samples) => samples === QUIET_SAMPLES);
  const outcomes: Outcome[] = [];
  for (const [at, scenario] of SCENARIOS.entries()) {
    const owner = await newPerson(`owner-${at}@example.com`, urls[at % 2]!);
    const addresses = Array.from({ length: scenario.addresses }, (_, each) => addressOf(at, each));
    const emails = [
      owner.email,
      ...Array.from({ length: scenario.accounts - 1 }, (_, each) => `user-${each + 1}@example.com`),
    ];
    const attack: Attack = { replicas: urls, guesses: GUESSES, emails, addresses };
    for (const { process: replica } of replicas) await answerTo(replica, { kind: 'take-checks' });
    outcomes.push({ scenario, ...(await attacked(attacker, attack, { owner, guest })), checks: await takeChecks() });
    console.error(`${scenario.name}: ${JSON.stringify({ ...outcomes.at(-1), times: undefined })}`);
  }
  await report(outcomes, quiet, load);

  async function takeChecks(): Promise<number> {
    let sum = 0;
    for (const { process: replica } of replicas) sum += (await answerTo(replica, { kind: 'take-checks' })).checks;
    return sum;
  }
}

async function answerTo(replica: ChildProcess, order: object): Promise<{ checks: number }> {
  const answer = once(replica, 'message') as Promise<[{ checks: number }]>;
  replica.send(order);
  return (await answer)[0];
}

async function newPerson(email: string, url: string): Promise<Person> {
  const browser = new AuthTestClient({ url, transferMethod: 'cookie' });
  const { status } = (await (await browser.signUp(email, PASSWORD)).json()) as { status: string };
  if (status !== 'OK') throw new Error(`Signing up ${email}: ${status}`);
  return { email, browser };
}

async function attacked(
  attacker: ChildProcess,
  attack: Attack,
  { owner, guest }: { owner: Person; guest: Person },
): Promise<Pick<Outcome, 'answers' | 'seconds' | 'signIns' | 'times'>> {
  let isOver = false;
  const messages: (Answers | 'half')[] = [];
  attacker.on('message', (message: Answers | 'half') => void messages.push(message));
  const started = performance.now();
  attacker.send(attack);
  const sampling = sample(guest.browser, () => isOver);
  while (messages.length === 0) await delay(5);
  // Each from a browser of its own: one that has signed in is known.
  const newBrowser = () => new AuthTestClient({ url: attack.replicas[0]!, transferMethod: 'cookie' });
  const signIns = [
    await signIn(owner.browser, owner.email, '192.0.2.1'),
    await signIn(newBrowser(), owner.email, '192.0.2.2'),
    await signIn(newBrowser(), guest.email, '192.0.2.3'),
    await signIn(newBrowser(), guest.email, attack.addresses[0]!),
  ];
  while (messages.length === 1) await delay(5);
  attacker.removeAllListeners('message');
  isOver = true;
  const seconds = (performance.now() - started) / 1000;
  return { answers: messages[1] as Answers, seconds, signIns, times: await sampling };
}

async function signIn(client: AuthTestClient, email: string, address: string): Promise<string> {
  const formFields = Object.entries({ email, password: PASSWORD }).map(([id, value]) => ({ id, value }));
  const response = await client.post('/auth/signin', { formFields }, { headers: { 'x-forwarded-for': address } });
  const { status } = (await response.json()) as { status?: string };
  if (status === 'OK') return 'yes';
  return status === 'GENERAL_ERROR' ? 'refused' : `${response.status} ${status ?? ''}`;
}

/** One request after the other, as one browser would, in a session of its own. */
async function sample(browser: AuthTestClient, isEnough: (samples: number) => boolean): Promise<Times> {
  const times: Times = { guarded: [], refresh: [] };
  while (!isEnough(times.guarded.length)) {
    times.guarded.push(await timeOf(() => browser.get('/guarded')));
    times.refresh.push(await timeOf(() => browser.refresh()));
    await delay(10);
  }
  return times;
}

async function timeOf(request: () => Promise<Response>): Promise<number> {
  const started = performance.now();
  const response = await request();
  await response.text();
  if (response.status !== 200) throw new Error(`${response.url}: status ${response.status}`);
  return performance.now() - started;
}

/** One of the addresses that documentation and private networks have. */
function addressOf(scenario: number, at: number): string {
  return `10.${scenario}.${Math.floor(at / 256)}.${at % 256}`;
}

async function report(outcomes: Outcome[], quiet: Times, load: number): Promise<void> {
  const counts = outcomes.map(({ scenario, answers, checks, seconds }) => [
    scenario.name,
    number(checks),
    number(answers.limited),
    number(answers.overloaded + answers.other),
    seconds.toFixed(0),
  ]);
  const people = outcomes.map(({ scenario, signIns }) => [scenario.name, ...signIns]);
  const felt = outcomes.map(({ scenario, times }) => [
    scenario.name,
    ...(['guarded', 'refresh'] as const).flatMap((request) =>
      [50, 99].map((percent) => (percentile(times[request], percent) / percentile(quiet[request], percent)).toFixed(1)),
    ),
    String(times.guarded.length),
  ]);
  const at = `Node ${process.version} on ${availableParallelism()} cores, which also ran PostgreSQL (without waiting for the disk) and the attacker, with a load of ${load.toFixed(1)} before they began`;
  const measured = [
    `${number(GUESSES)} guesses each, over two replicas on one PostgreSQL, with the limits and the hashing that are the default. ${at}:`,
    table(['Guesses at', 'Checked', 'Refused', 'Answered otherwise', 'Seconds'], counts),
    'Whether people with the right password were signed in when half of the guesses were answered:',
    table(['Guesses at', ...SIGN_INS], people),
    'How many times as long as before the requests of somebody took who was signed in, one after the other, all of which were answered:',
    table(
      ['Guesses at', 'Guarded, p50', 'Guarded, p99', 'Refresh, p50', 'Refresh, p99', 'Requests of each kind'],
      felt,
    ),
  ].join('\n\n');
  console.log(`${measured}\n\n${ratesPart()}`);
  if (isQuick) return;
  await rewritePage(PAGE, 'bench:limits', { rates: ratesPart(), measured });
}
