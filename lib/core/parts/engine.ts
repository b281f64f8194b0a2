import type { Port } from '../core.js';
import type { Accounts } from '../embedded/accounts.js';
import type { OneTimeTokens } from '../embedded/one-time-tokens.js';
import type { EngineDatabase } from '../embedded/storage/engine-database.js';
import type { ResolvedEngineOptions } from '../engine-options.js';
import type { Facts } from '../facts.js';
import type { PasswordHasher } from '../password-hasher.js';
import type { CoreCall } from '../remote/core-client.js';

/** The tenants, as a part of the core asks about them. */
export interface EngineTenants {
  /** @throws {UnknownTenantError} */
  assertExists(tenantId: string): Promise<void>;
  /**
   * For operations that sign somebody in, or lead to it.
   * @param factorId such as `emailpassword`
   * @throws {UnknownTenantError}
   * @throws {FactorNotAllowedError} the tenant's configuration leaves the factor out
   */
  assertOffers(tenantId: string, factorId: string): Promise<void>;
}

/** The core in this process, as it is handed to a part of it. */
export interface Engine {
  readonly database: EngineDatabase;
  readonly tenants: EngineTenants;
  /** Users and their login methods, for parts that sign users in. */
  readonly accounts: Accounts;
  /** Tokens that are sent to somebody and work once. */
  readonly tokens: OneTimeTokens;
  /** Where a part announces what has changed about a user, for claims. */
  readonly facts: Facts;
  readonly passwordHasher: PasswordHasher;
  /** Those of the core and of all parts, with their defaults. */
  readonly options: ResolvedEngineOptions;
  /**
   * An option, as a tenant has it: for options that the core service lets drivers set for a tenant (`CoreConfigKey.of`).
   * @returns the tenant's value, else that of `options`
   */
  optionOf(tenantId: string, name: keyof ResolvedEngineOptions): Promise<number>;
  /** Milliseconds since the Unix epoch. Use it instead of `Date.now`, so that tests can move it. */
  readonly clock: () => number;
  /** Another part's port. To be called when it is needed, not while the part is made: parts have no order. */
  port<T>(port: Port<T>): T;
}

/** The connection to a core in another process, as it is handed to a part of it. */
export interface RemoteEngine {
  readonly client: {
    /**
     * @throws {StorageUnavailableError} the core does not answer in time, or otherwise than `call.answer` says
     * @throws {BadInputError} the core refuses the input
     */
    call<T>(call: CoreCall<T>): Promise<T>;
  };
  readonly tenants: Pick<EngineTenants, 'assertOffers'>;
  /** Where a part announces what has changed about a user, for claims. */
  readonly facts: Facts;
  /** Another part's port. To be called when it is needed, not while the part is made: parts have no order. */
  port<T>(port: Port<T>): T;
}
