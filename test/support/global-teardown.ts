import type { StartedServer } from './global-setup.js';

export default async function globalTeardown(): Promise<void> {
  const { latchkeyPostgres: server } = globalThis as { latchkeyPostgres?: StartedServer };
  if (server === undefined) return;
  await server.remove();
  delete process.env.LATCHKEY_TEST_POSTGRES;
}
