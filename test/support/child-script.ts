import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { runService } from './run-service.js';

/** Inside node_modules, so that the packages a script imports are found. */
const BUILT_SCRIPTS = resolve('node_modules/.cache/latchkey-children');

/**
 * Makes a script of `test/support/children` something Node can run in a process of its own. What it imports as
 * `latchkey` is the built library: esbuild does not write the types down that Nest injects by.
 * @returns its path
 */
export async function buildChildScript(name: string): Promise<string> {
  const lib = join(runService('built').folder, 'lib');
  await mkdir(BUILT_SCRIPTS, { recursive: true });
  // By process: two spec files may build the same script at the same time.
  const built = resolve(BUILT_SCRIPTS, `${basename(name, '.ts')}-${process.pid}.mjs`);
  await promisify(execFile)(resolve('node_modules/.bin/esbuild'), [
    resolve('test/support/children', name),
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--packages=external',
    `--alias:latchkey=${join(lib, 'index.js')}`,
    `--alias:latchkey/recipe-kit=${join(lib, 'recipe-kit.js')}`,
    `--alias:latchkey/testing=${join(lib, 'testing/index.js')}`,
    '--log-level=error',
    `--outfile=${built}`,
  ]);
  return built;
}

export interface RunningChild {
  process: ChildProcess;
  /** Standard output so far, line by line. */
  lines: string[];
  /** Standard error, and with which code or signal it ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; errors: string }>;
}

export function runChildScript(
  script: string,
  args: string[],
  onLine?: (line: string) => void,
  input: 'ignore' | 'pipe' = 'ignore',
): RunningChild {
  const child = spawn(process.execPath, [script, ...args], { stdio: [input, 'pipe', 'pipe'] });
  const lines: string[] = [];
  let errors = '';
  createInterface(child.stdout!).on('line', (line) => {
    lines.push(line);
    onLine?.(line);
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<Awaited<RunningChild['ended']>>((done) => {
    child.on('close', (code, signal) => done({ code, signal, errors }));
  });
  return { process: child, lines, ended };
}
