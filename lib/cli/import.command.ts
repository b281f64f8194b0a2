import { closeSync, createReadStream, existsSync, openSync, statSync, writeSync } from 'node:fs';
import { ConfigurationError } from '../core/auth.error.js';
import { oneLine } from '../core/log-line.js';
import type { EmbeddedDatabaseOptions } from '../core/embedded/storage/database.options.js';
import { openUserImport } from '../core/parts/user-import.js';
import { type ImportCommand, UsageError } from './cli-arguments.js';
import { readLines } from './read-lines.js';
import type { Terminal } from './terminal.js';
import { type ImportCounts, UserLines } from './user-lines.js';

/** A user is some hundred bytes; this leaves room for what the application knows of one. */
const MAX_LINE_BYTES = 1024 * 1024;
const PROGRESS_EVERY_MS = 2000;

/**
 * @param progressEveryMs how often it is told how far it is
 * @returns whether every line was imported, or was before
 */
export async function importUsers(
  command: ImportCommand,
  terminal: Terminal,
  progressEveryMs = PROGRESS_EVERY_MS,
): Promise<boolean> {
  const { file, report, dryRun, ignored } = command;
  if (file !== undefined && !existsSync(file)) {
    throw new ConfigurationError(`There is no file ${file}. Give a file of JSON lines`);
  }
  if (file === undefined && terminal.stdin.isTTY) {
    throw new UsageError('import is given no file, and nothing is piped into it');
  }
  if (file !== undefined && report !== undefined && isSameFile(file, report)) {
    throw new UsageError('--report names the file that is imported. Name another one');
  }
  const source = file === undefined ? terminal.stdin : readFile(file);
  const refusals = report === undefined ? undefined : openSync(report, 'w', 0o600);
  const signerKey = terminal.env.LATCHKEY_FIREBASE_SIGNER_KEY;
  const opened = await openUserImport(databaseFor(command), signerKey ? { signerKey } : undefined);
  const lines = new UserLines(opened.core, {
    dryRun,
    ignored,
    onRefused(line, reason) {
      const text = `line ${line}: ${oneLine(reason)}\n`;
      if (refusals === undefined) terminal.stderr.write(text);
      else writeSync(refusals, text);
    },
  });
  try {
    const progress = progressOn(terminal, progressEveryMs);
    for await (const line of readLines(source, MAX_LINE_BYTES)) {
      if (await lines.take(line)) progress(lines.counts);
    }
    await lines.flush();
  } catch (error) {
    terminal.stderr.write(
      `Stopped: ${describe(lines.counts)}. Run the same command again: it passes over who is here already.\n`,
    );
    throw error;
  } finally {
    if (refusals !== undefined) closeSync(refusals);
    await opened.close();
  }
  terminal.stdout.write(`${dryRun ? 'Dry run, nothing was written: ' : ''}${describe(lines.counts)}.\n`);
  return lines.counts.refused === 0;
}

/** By whatever path or link. */
function isSameFile(file: string, other: string): boolean {
  const [one, another] = [statSync(file), statSync(other, { throwIfNoEntry: false })];
  return one.ino === another?.ino && one.dev === another.dev;
}

async function* readFile(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: 256 * 1024 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new ConfigurationError(`The file ${file} cannot be read (${code}). Give a file of JSON lines`, { cause });
  }
}

/** A dry run must not make a file, nor tables. */
function databaseFor({ database, dryRun }: ImportCommand): EmbeddedDatabaseOptions {
  if (!dryRun) return database;
  if ('sqlite' in database && !existsSync(database.sqlite)) return { sqlite: ':memory:' };
  return { ...database, migrations: 'check' };
}

function progressOn(terminal: Terminal, everyMs: number): (counts: ImportCounts) => void {
  const startedAtMs = Date.now();
  let shownAtMs = startedAtMs;
  return (counts) => {
    const nowMs = Date.now();
    if (nowMs - shownAtMs < everyMs) return;
    shownAtMs = nowMs;
    const perSecond = Math.round((counts.lines * 1000) / Math.max(1, nowMs - startedAtMs));
    terminal.stderr.write(`${describe(counts)} (${perSecond} lines a second)\n`);
  };
}

function describe({ lines, imported, alreadyImported, refused }: ImportCounts): string {
  return `${lines} lines: ${imported} imported, ${alreadyImported} here already, ${refused} refused`;
}
