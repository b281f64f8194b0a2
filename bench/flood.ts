// What others feel of a flood of sign-ins: npm run bench:flood [-- --quick]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { percentile } from './statistics.js';

interface Ready {
  url: string;
  sessions: { accessToken: string; refreshToken: string }[];
}

const FLOOD = 400;
const ROUNDS = process.argv.includes('--quick') ? 1 : 5;
const QUIET_SAMPLES = 60;
const MOST_SAMPLES = 120;
const SESSIONS = ROUNDS * (QUIET_SAMPLES + MOST_SAMPLES);

type Times = Record<'guarded' | 'refresh', number[]>;

console.log(
  `${ROUNDS} floods of ${FLOOD} sign-ins at once, Node ${process.version}, ${availableParallelism()} cores; p99\n`,
);
await measure('hashing as many as by default', 0);
await measure('hashing as many as come', 1024);

async function measure(name: string, concurrentPasswordHashes: number): Promise<void> {
  const file = fileURLToPath(new URL('flood-server.js', import.meta.url));
  const server = fork(file, [String(SESSIONS), String(concurrentPasswordHashes)]);
  const [ready] = (await once(server, 'message')) as [Ready];
  const quiet: Times = { guarded: [], refresh: [] };
  const flooded: Times = { guarded: [], refresh: [] };
  const answers = new Map<string, number>();
  // The first requests of a process take longer than any after them.
  await sample(ready, { guarded: [], refresh: [] }, 10);
  for (let round = 0; round < ROUNDS; round++) {
    await sample(ready, quiet, QUIET_SAMPLES - 10);
    const over = new AbortController();
    const isFlooded = once(server, 'message');
    const flooding = flood(ready.url, answers).finally(() => over.abort());
    await isFlooded;
    for (let at = 0; at < MOST_SAMPLES && !over.signal.aborted; at++) {
      await sample(ready, flooded, 1);
      await delay(20);
    }
    await flooding;
  }
  server.disconnect();

  const cells = ['quiet', 'flooded', 'ratio'].map((column) => column.padStart(12));
  console.log(name.padEnd(36) + cells.join(''));
  print('  guarded, a token not seen before', quiet.guarded, flooded.guarded);
  print('  refresh', quiet.refresh, flooded.refresh);
  console.log(
    `  of ${flooded.refresh.length} while it lasted; sign-ins were answered ${[...answers].map(([status, count]) => `${status}: ${count}`).join(', ')}\n`,
  );
}

/** One after the other, as one client would. */
async function sample({ url, sessions }: Ready, times: Times, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const session = sessions.pop()!;
    times.guarded.push(await timeOf(`${url}/guarded`, session.accessToken));
    times.refresh.push(await timeOf(`${url}/auth/session/refresh`, session.refreshToken, 'POST'));
  }
}

async function timeOf(url: string, token: string, method = 'GET'): Promise<number> {
  const started = performance.now();
  const response = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
  await response.text();
  if (response.status !== 200) throw new Error(`${url}: status ${response.status}`);
  return performance.now() - started;
}

/** From a thread of its own, so that sending them does not hold up those who are measured. */
async function flood(url: string, answers: Map<string, number>): Promise<void> {
  const formFields = [
    { id: 'email', value: 'nobody@example.com' },
    { id: 'password', value: 'a guess 1' },
  ];
  const result = await autocannon({
    url: `${url}/auth/signin`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ formFields }),
    connections: FLOOD,
    amount: FLOOD,
    timeout: 60,
    workers: 1,
  });
  for (const [status, { count = 0 }] of Object.entries(result.statusCodeStats ?? {})) {
    answers.set(status, (answers.get(status) ?? 0) + count);
  }
}

function print(name: string, before: number[], during: number[]): void {
  const [calm, busy] = [percentile(before, 99), percentile(during, 99)];
  const cells = [`${calm.toFixed(1)} ms`, `${busy.toFixed(1)} ms`, (busy / calm).toFixed(2)];
  console.log(name.padEnd(36) + cells.map((cell) => cell.padStart(12)).join(''));
}
