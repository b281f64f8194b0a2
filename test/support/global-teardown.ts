import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { WithServices } from './global-setup.js';

type Schemas = typeof import('./drop-schemas.js');

// Jest transforms what is required here, but looks for the file under its own name.
const require = createRequire(import.meta.url);

export default async function globalTeardown(): Promise<void> {
  const services = (globalThis as WithServices).latchkeyServices;
  if (services !== undefined && services.exitCode === null) {
    services.stdin!.end();
    await once(services, 'exit');
  }
  // A server of the tester's keeps what is not dropped.
  const url = process.env.LATCHKEY_TEST_POSTGRES;
  if (url) await (require('./drop-schemas.ts') as Schemas).dropSchemasOfRun(url);
  delete process.env.LATCHKEY_TEST_SERVICES;
}
