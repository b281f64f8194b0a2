import { createRequire } from 'node:module';
import type { StartedServer } from './global-setup.js';

type Schemas = typeof import('./drop-schemas.js');

const require = createRequire(import.meta.url);

export default async function globalTeardown(): Promise<void> {
  const { latchkeyPostgres: server } = globalThis as { latchkeyPostgres?: StartedServer };
  if (server === undefined) {
    // A server of the tester's keeps what is not dropped.
    const { dropTestSchemas } = require('./drop-schemas.ts') as Schemas;
    if (process.env.LATCHKEY_TEST_POSTGRES) await dropTestSchemas(process.env.LATCHKEY_TEST_POSTGRES);
    return;
  }
  await server.remove();
  delete process.env.LATCHKEY_TEST_POSTGRES;
}
