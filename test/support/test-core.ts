import type { CoreOptions } from 'latchkey';
import { prefixOfRun } from './drop-schemas.js';
import { randomSchemaName } from './postgres-schema.js';
import { testServerUrl } from './postgres-server-url.js';
import { remoteCore } from './remote-core.js';

/** Which database the scenarios of this Jest project run on, or that it is behind a core service. */
declare global {
  var LATCHKEY_TEST_DATABASE: 'SQLite' | 'PostgreSQL' | 'Remote' | undefined;
}

const passwordHashing = { memoryCostKiB: 64, timeCost: 1 };

/** In memory, and hashing that costs next to nothing. */
export const testCore = { sqlite: ':memory:', passwordHashing };

/**
 * A core with data of its own, on the database of this Jest project.
 * @param options of the core; those that name a database win
 */
export function coreFor(options: Partial<CoreOptions> = {}): CoreOptions {
  if ('connectionURI' in options) return options as CoreOptions;
  if ('sqlite' in options || 'postgres' in options) return { passwordHashing, ...options } as CoreOptions;
  if (globalThis.LATCHKEY_TEST_DATABASE === 'Remote') {
    return remoteCore(options) ?? ({ ...testCore, ...options } as CoreOptions);
  }
  if (globalThis.LATCHKEY_TEST_DATABASE !== 'PostgreSQL') return { ...testCore, ...options } as CoreOptions;
  const schema = randomSchemaName(prefixOfRun());
  // Every application of a test file has a pool: a small one serves a test well enough.
  const postgres = { connectionString: testServerUrl(), max: 4, idleTimeoutMillis: 1000 };
  return { postgres, schema, passwordHashing, ...options } as CoreOptions;
}
