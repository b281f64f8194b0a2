// What an application pays at its start, and until its first answer: npm run bench:start [-- --quick]. BENCH_NODE=/path/to/node runs
// the applications by another Node. Writes docs/performance.md.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstMessage, stop } from './load.js';
import { machine } from './machine.js';
import { table } from './page.js';
import { rewritePage } from './rewrite-page.js';
import type { ProcessUse, StartedApplication } from './start-application.js';
import { median } from './statistics.js';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : 15;
const APPLICATIONS = ['nothing', 'latchkey'];
const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** Of one start. */
interface Measured {
  listensMs: number;
  listensCpuMs: number;
  residentBytes: number;
  answersMs: number;
  answersCpuMs: number;
}

const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-start-'));
try {
  await run(join(folder, 'auth.sqlite'));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function run(file: string): Promise<void> {
  const first = start('latchkey', file, 'with-session');
  const { accessToken, nodeVersion } = await firstMessage<StartedApplication>(first, 'latchkey');
  await stop(first);
  const starts = new Map(APPLICATIONS.map((name) => [name, [] as Measured[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, measured] of starts) measured.push(await measure(name, file, accessToken!));
  }
  const nothing = starts.get('nothing')!;
  const rows = [...starts].map(([name, measured]) => {
    const columns: [key: keyof Measured, unit: number][] = [
      ['listensCpuMs', 1],
      ['listensMs', 1],
      ['residentBytes', 2 ** 20],
      ['answersCpuMs', 1],
      ['answersMs', 1],
    ];
    const cells = columns.map(([key, unit]) => {
      const [value, other] = [measured, nothing].map((each) => median(each.map((one) => one[key])) / unit);
      return name === 'nothing' ? value!.toFixed(0) : `${value!.toFixed(0)} (${signed(value! - other!)})`;
    });
    return [name, ...cells];
  });
  const head = ['', 'listens: ms of CPU', 'ms', 'resident MiB', 'first answer: ms of CPU', 'ms'];
  const how = `${machine(nodeVersion)}; medians of ${ROUNDS} starts.`;
  const text = [how, table(head, rows)].join('\n\n');
  console.log(text);
  const major = /^v(\d+)/.exec(nodeVersion)![1]!;
  if (!isQuick) await rewritePage(PAGE, 'bench:start', { [`start on node ${major}`]: text });
}

function start(name: string, file: string, ...more: string[]): ChildProcess {
  const script = fileURLToPath(new URL('start-application.js', import.meta.url));
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', NODE_NO_WARNINGS: '1' };
  return fork(script, [name, file, ...more], {
    env,
    execArgv: [],
    execPath: process.env.BENCH_NODE ?? process.execPath,
  });
}

async function measure(name: string, file: string, accessToken: string): Promise<Measured> {
  const before = performance.now();
  const application = start(name, file);
  const listens = await firstMessage<StartedApplication>(application, name);
  const listensMs = performance.now() - before;
  const response = await fetch(`${listens.url}/guarded`, { headers: { authorization: `Bearer ${accessToken}` } });
  await response.text();
  const answersMs = performance.now() - before;
  if (!response.ok) throw new Error(`${name} answered ${response.status}`);
  application.send('use');
  const [{ cpuMs }] = (await once(application, 'message')) as [ProcessUse];
  await stop(application);
  const { residentBytes, cpuMs: listensCpuMs } = listens;
  return { listensMs, listensCpuMs, residentBytes, answersMs, answersCpuMs: cpuMs };
}

function signed(value: number): string {
  return value < 0.5 ? value.toFixed(0) : `+${value.toFixed(0)}`;
}
