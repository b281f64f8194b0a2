import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { runServiceLater } from '../support/run-service.js';

export interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs a script to its end on a version of Node, such as `22` or `22.13.0`, without the environment of this process. */
export async function runOnNode(
  version: string,
  args: string[],
  options: { cwd: string; env?: object },
): Promise<Ended> {
  const { binary } = await runServiceLater(`node-${version}`);
  const env = { PATH: process.env.PATH, ...options.env };
  const child = spawn(binary, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null, string | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, signal, stdout, stderr };
}
