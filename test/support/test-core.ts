import type { CoreOptions } from 'latchkey';
import { keptPools } from './kept-pools.js';
import { schemaForThisFile } from './kept-schemas.js';
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
  return { postgres: keptPools()[0], schema: schemaForThisFile(), passwordHashing, ...options } as CoreOptions;
}
