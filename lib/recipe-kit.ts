/**
 * Published as `latchkey/recipe-kit`: what the core side of a recipe from elsewhere is made of. Its Nest side needs no more
 * than `latchkey`.
 * @module latchkey/recipe-kit
 */
export { Core, PUBLIC_TENANT_ID, type Port } from './core/core.js';
export type { CorePart } from './core/parts/core-part.js';
export type { Account, AccountName, Accounts } from './core/embedded/accounts.js';
export type {
  DeletedUser,
  NeedsHousekeeping,
  OwnsTenantData,
  OwnsUserData,
  RefersToUsers,
} from './core/embedded/engine-part.js';
export { deleteInBatches } from './core/embedded/housekeeper.js';
export type { NewToken, OneTimeTokens, TokenKind } from './core/embedded/one-time-tokens.js';
export type { FoundToken, SpentToken, TokensOfUser } from './core/embedded/storage/one-time-tokens.storage.js';
export type { EngineDatabase } from './core/embedded/storage/engine-database.js';
export type {
  Migration,
  MigrationDatabase,
  Migrations,
  MigrationTables,
  TableDialect,
} from './core/embedded/storage/migration.js';
export type { Engine, EngineTenants, RemoteEngine } from './core/parts/engine.js';
export { migrateDatabase } from './core/parts/migrate-database.js';
export { user as userSchema } from './core/remote/core-answers.js';
export type { CoreCall } from './core/remote/core-client.js';
export type { TakenStatus } from './core/tenants.core.js';
export { normaliseEmail } from './core/email-address.js';
