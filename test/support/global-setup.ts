import { createRequire } from 'node:module';

type FreePort = typeof import('./free-port.js');
type Servers = typeof import('./postgres-server.js');
export type StartedServer = Awaited<ReturnType<Servers['startPostgresServer']>>;

// Jest transforms what is required here, but looks for the files under their own names.
const require = createRequire(import.meta.url);

/** One PostgreSQL for the whole run, or that of LATCHKEY_TEST_POSTGRES. */
export default async function globalSetup(): Promise<void> {
  if (process.env.LATCHKEY_TEST_POSTGRES) return;
  const { freePort } = require('./free-port.ts') as FreePort;
  const { startPostgresServer } = require('./postgres-server.ts') as Servers;
  const server = await startPostgresServer(await freePort());
  // Workers inherit the environment.
  process.env.LATCHKEY_TEST_POSTGRES = server.url;
  (globalThis as { latchkeyPostgres?: StartedServer }).latchkeyPostgres = server;
}
