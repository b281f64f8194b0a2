import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from './wait-until.js';

interface RunServices {
  /** A PostgreSQL for all tests. */
  postgres: { url: string };
  /** A folder with `sample-app/main.mjs` and, for each file in `test/support/children`, `children/<name>.mjs`. */
  scripts: { folder: string };
  /** The sample as `npm start` starts it, for all files that need no other one. */
  sample: { url: string; port: number };
  /** The dashboard's page, in `dist/dashboard`, where the library looks for it. */
  dashboard: Record<string, never>;
  /** What npm would publish, and the paths in it, sorted. */
  package: { tarball: string; files: string[] };
  /** The executable of a version of Node, such as `node-22` or `node-22.13.0`, which npm fetches. */
  [node: `node-${string}`]: { binary: string };
}

const WAIT_MS = 120_000;
/** npm may have to fetch several of them over a slow line. */
const FETCHED_MS = 290_000;

/**
 * What a run of the tests provides once, when a test first asks for it. See test/runner/services.js.
 * It blocks, so that a module can ask while it is loaded.
 */
export function runService<Name extends keyof RunServices>(name: Name): RunServices[Name] {
  const file = requestService(name);
  const deadlineMs = Date.now() + WAIT_MS;
  const clock = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(file)) {
    if (Date.now() > deadlineMs) throw new Error(`${name} is not there after ${WAIT_MS} ms`);
    Atomics.wait(clock, 0, 0, 10);
  }
  return answerIn(file, name);
}

/** The same for what takes long: the worker goes on meanwhile. */
export async function runServiceLater<Name extends keyof RunServices>(name: Name): Promise<RunServices[Name]> {
  const file = requestService(name);
  await waitUntil(async () => existsSync(file), FETCHED_MS);
  return answerIn(file, name);
}

/** Has a service begin. @returns the file in which its answer will be */
export function requestService(name: keyof RunServices): string {
  const folder = process.env.LATCHKEY_TEST_SERVICES;
  if (!folder) throw new Error(`There is no ${name} for unit tests. Elsewhere, jest.config.js provides it.`);
  const file = join(folder, `${name}.json`);
  if (!existsSync(file)) writeFileSync(join(folder, `${name}.request`), '');
  return file;
}

function answerIn<Name extends keyof RunServices>(file: string, name: Name): RunServices[Name] {
  const answer = JSON.parse(readFileSync(file, 'utf8')) as RunServices[Name] & { error?: string };
  if (answer.error !== undefined) throw new Error(`The tests have no ${name}:\n${answer.error}`);
  return answer;
}
