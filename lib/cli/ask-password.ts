import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { BadInputError } from '../core/auth.error.js';
import type { Terminal } from './terminal.js';

const MAX_BYTES = 10_000;

/**
 * Asks twice, and shows nothing of what is typed. Where nobody types, the password is the one line of standard input.
 * @throws {BadInputError} nothing was typed, or something else the second time
 */
export async function askPassword(terminal: Terminal, question: string): Promise<string> {
  if (terminal.stdin.isTTY !== true) return readPassword(terminal.stdin);
  const keyboard = new Keyboard(terminal);
  try {
    const password = await keyboard.ask(`${question}: `);
    if (password !== (await keyboard.ask('The same again: '))) throw new BadInputError('The two passwords differ');
    return password;
  } finally {
    keyboard.close();
  }
}

class Keyboard {
  // In a terminal it edits the line and echoes it to its output, which goes nowhere here.
  private readonly lines;
  private readonly iterator;

  constructor(private readonly terminal: Terminal) {
    const output = new Writable({ write: (_chunk, _encoding, done) => done() });
    const input = terminal.stdin as unknown as NodeJS.ReadableStream;
    this.lines = createInterface({ input, output, terminal: true, historySize: 0 });
    // Else Ctrl+C does nothing while the terminal is raw.
    this.lines.on('SIGINT', () => this.lines.close());
    this.iterator = this.lines[Symbol.asyncIterator]();
  }

  async ask(question: string): Promise<string> {
    this.terminal.stderr.write(question);
    const line = await this.iterator.next();
    this.terminal.stderr.write('\n');
    if (line.done === true) throw new BadInputError('No password was typed. Nothing was changed');
    return line.value;
  }

  close(): void {
    this.lines.close();
  }
}

async function readPassword(input: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of input) {
    length += part.length;
    if (length > MAX_BYTES) throw new BadInputError('Standard input is too long for a password');
    parts.push(part);
  }
  const [password, ...others] = decode(Buffer.concat(parts))
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  if (others.length > 0) throw new BadInputError('Standard input has several lines: give it the password alone');
  if (!password)
    throw new BadInputError('Standard input is empty: pipe the password into it, or run this in a terminal');
  return password;
}

/** @throws {BadInputError} */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BadInputError('The password on standard input is not UTF-8', { cause });
  }
}
