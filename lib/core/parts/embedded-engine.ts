import type { EngineOptions } from '../engine-options.js';
import type { Engine } from './engine.js';
import type { BoundedPasswordHasher } from '../embedded/bounded-password-hasher.js';
import type { EmbeddedTenantsCore } from '../embedded/embedded-tenants.core.js';
import type { SqlAuthDatabase } from '../embedded/storage/sql-auth-database.js';

/** What the parts of our own recipes have besides. */
export interface EmbeddedEngine extends Engine, Pick<EngineOptions, 'firebasePasswordHashing'> {
  readonly database: SqlAuthDatabase;
  readonly passwordHasher: BoundedPasswordHasher;
  readonly tenants: EmbeddedTenantsCore;
}
