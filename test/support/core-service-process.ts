import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { waitUntil } from './wait-until.js';

/** A start takes a second of a processor, for which it may have to wait. */
const WAIT_MS = 90_000;

type LogLine = Record<string, unknown>;

/** `latchkey core` in a process of its own. */
export class CoreServiceProcess {
  readonly log: LogLine[] = [];
  /** Both streams as they were written. */
  output = '';
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private readonly child: ChildProcess;

  constructor(script: string, environment: Record<string, string>, args: string[] = []) {
    this.child = spawn(process.execPath, [script, 'core', ...args], {
      env: { PATH: process.env.PATH, PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      createInterface(stream).on('line', (line) => {
        this.output += `${line}\n`;
        if (line.startsWith('{')) this.log.push(JSON.parse(line) as LogLine);
      });
    }
    this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
  }

  /** @returns where it listens */
  async url(): Promise<string> {
    const line = await this.lineWith(({ message }) => String(message).startsWith('Listening at '));
    return String(line.message).replace('Listening at ', '');
  }

  async lineWith(matches: (line: LogLine) => boolean): Promise<LogLine> {
    await waitUntil(async () => this.log.some(matches), WAIT_MS).catch(() => {
      throw new Error(`There is no such line in:\n${this.output}`);
    });
    return this.log.find(matches)!;
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Awaited<CoreServiceProcess['ended']>> {
    this.child.kill(signal);
    return this.ended;
  }
}
