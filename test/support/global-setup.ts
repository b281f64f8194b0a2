import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { GlobalConfig } from 'jest';

export type WithServices = typeof globalThis & { latchkeyServices?: ChildProcess };

/** Starts what provides a PostgreSQL, and the built sources, to tests that ask for them. */
export default function globalSetup(config: GlobalConfig): void {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-services-'));
  // Workers inherit the environment.
  process.env.LATCHKEY_TEST_SERVICES = folder;
  if (isWholeSuite(config)) requestWhatIsNeeded(folder);
  (globalThis as WithServices).latchkeyServices = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve('test/runner/services.js'), folder],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
}

function isWholeSuite({ testPathPatterns, testNamePattern }: GlobalConfig): boolean {
  return testPathPatterns.patterns.length === 0 && !testNamePattern;
}

/** Begins at once with what some test needs in any case: processes-first.cjs puts files before it that do not. */
function requestWhatIsNeeded(folder: string): void {
  const names = process.env.LATCHKEY_TEST_POSTGRES ? ['scripts'] : ['scripts', 'postgres'];
  for (const name of names) writeFileSync(join(folder, `${name}.request`), '');
}
