import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../support/free-port.js';
import { runService, runServiceLater } from '../support/run-service.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WAIT_MS = 60_000;

export interface Sample {
  url: string;
  port: number;
  /** @returns the link of the newest email to that address, as soon as the inbox has one */
  emailLink(address: string): Promise<string>;
}

export interface RunningSample extends Sample {
  /** Holds the databases, and is the working directory. */
  folder: string;
  /** With which code or signal it ended. */
  ended: Promise<number | string>;
  /** Ends it, as Ctrl+C does where nothing else is said, and removes the folder. @returns the files that it left there */
  stop(signal?: NodeJS.Signals): Promise<string[]>;
}

/** Starts the built sample as `npm start` does, on a free port and, where nothing else is said, with databases of its own. */
export async function startSample(environment: Record<string, string> = {}): Promise<RunningSample> {
  const port = await freePort();
  const folder = await temporaryFolder();
  const child = spawnSample(
    {
      PORT: String(port),
      IDENTITY_PROVIDER_PORT: String(await freePort()),
      LATCHKEY_DATABASE_FILE: folder.path('sample.sqlite'),
      ...environment,
    },
    folder.path('.'),
  );
  const url = `http://localhost:${port}`;
  const output = new Output(child.process.stdout, child.process.stderr);
  const hasEnded = child.ended.then((end) => {
    // What ended it comes last, behind a line for each module and route.
    const last = output.lines.slice(-20).join('\n');
    throw new Error(`The sample ended with ${end} before it was up:\n${last}`);
  });
  try {
    await Promise.race([output.find((line) => line.includes(`open ${url} `)), hasEnded]);
  } catch (error) {
    child.process.kill('SIGKILL');
    await folder.remove();
    throw error;
  } finally {
    hasEnded.catch(() => {});
  }

  const stop = async (signal: NodeJS.Signals) => {
    child.process.kill(signal);
    await child.ended;
    const files = await readdir(folder.path('.'));
    await folder.remove();
    return files.sort();
  };
  let stopped: Promise<string[]> | undefined;
  return {
    url,
    port,
    folder: folder.path('.'),
    emailLink: (address) => emailLink(url, address),
    ended: child.ended,
    stop: (signal = 'SIGINT') => (stopped ??= stop(signal)),
  };
}

/**
 * The sample that all test files of the run share, each with addresses of its own: it takes 2 CPU-seconds to start one. A test that
 * wants a new one, or one with other settings, starts it.
 */
export async function sampleOfRun(): Promise<Sample & { stop(): Promise<void> }> {
  const { url, port } = await runServiceLater('sample');
  return { url, port, emailLink: (address) => emailLink(url, address), stop: async () => {} };
}

async function emailLink(url: string, address: string): Promise<string> {
  const deadlineMs = Date.now() + WAIT_MS;
  while (Date.now() < deadlineMs) {
    const inbox = await (await fetch(`${url}/inbox`)).text();
    const [, id] = new RegExp(`/inbox/(\\d+)">[^<]*</a> <span>to ${address}<`).exec(inbox) ?? [];
    if (id !== undefined) {
      const email = await (await fetch(`${url}/inbox/${id}`)).text();
      return /^http\S+$/m.exec(email)![0].replaceAll('&#38;', '&');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No email to ${address} within ${WAIT_MS} ms`);
}

/** Runs the sample to its end, for those starts that fail. */
export async function runSample(
  environment: Record<string, string>,
): Promise<{ end: number | string; lines: string[] }> {
  const folder = await temporaryFolder();
  const child = spawnSample(environment, folder.path('.'));
  const output = new Output(child.process.stdout, child.process.stderr);
  const end = await child.ended;
  await folder.remove();
  return { end, lines: output.lines };
}

function spawnSample(environment: Record<string, string>, cwd: string) {
  // Jest sets NODE_ENV, a newcomer does not; and a database that is meant for others is not for this one.
  const without = { NODE_ENV: undefined, FORCE_COLOR: undefined, LATCHKEY_DATABASE: undefined };
  const env = { ...process.env, ...without, NO_COLOR: '1', ...environment };
  const main = join(runService('scripts').folder, 'sample-app/main.mjs');
  const child = spawn(process.execPath, [main], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { process: child, ended };
}

class Output {
  readonly lines: string[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(...streams: NodeJS.ReadableStream[]) {
    for (const input of streams) {
      createInterface({ input }).on('line', (line) => {
        this.lines.push(line);
        for (const wake of this.waiting) wake();
      });
    }
  }

  /** @returns the newest line that matches, which may be still to come */
  find(matches: (line: string) => boolean): Promise<string> {
    return new Promise((found, failed) => {
      const look = () => {
        const line = this.lines.findLast(matches);
        if (line === undefined) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        found(line);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        failed(new Error(`The sample did not print it within ${WAIT_MS} ms:\n${this.lines.join('\n')}`));
      }, WAIT_MS);
      this.waiting.add(look);
      look();
    });
  }
}
