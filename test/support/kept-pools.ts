import { Pool } from 'pg';
import { testServerUrl } from './postgres-server-url.js';

const KEPT = Symbol.for('latchkey.kept-pools');
/** Of the worker: this module is loaded again for each test file. */
const kept = globalThis as { [KEPT]?: [one: Pool, other: Pool] };

/**
 * Pools of connections to the PostgreSQL for all tests, for what stands for two processes. A worker keeps them: a connection
 * costs the server more than what most tests do with it.
 */
export function keptPools(): [one: Pool, other: Pool] {
  return (kept[KEPT] ??= [newPool(), newPool()]);
}

function newPool(): Pool {
  const pool = new Pool({ connectionString: testServerUrl(), idleTimeoutMillis: 0, allowExitOnIdle: true });
  // Without a listener, a connection that is lost ends the process.
  return pool.on('error', () => {});
}
