import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runService } from './run-service.js';

/** @returns the path of the script that a file of `test/support/children` has become, for Node to run in a process */
export function childScript(name: string): string {
  return join(runService('scripts').folder, 'children', `${name}.mjs`);
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
