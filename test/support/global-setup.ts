import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export type WithServices = typeof globalThis & { latchkeyServices?: ChildProcess };

/** Starts what provides a PostgreSQL, and the built sources, to tests that ask for them. */
export default function globalSetup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-services-'));
  // Workers inherit the environment.
  process.env.LATCHKEY_TEST_SERVICES = folder;
  (globalThis as WithServices).latchkeyServices = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve('test/runner/services.js'), folder],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
}
