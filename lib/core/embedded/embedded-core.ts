import { randomBytes } from 'node:crypto';
import { AppsCore } from '../apps.core.js';
import { ConfigurationError } from '../auth.error.js';
import { Core, type Port } from '../core.js';
import { EmailOutboxCore } from '../email-outbox.core.js';
import { EmailPasswordCore } from '../email-password.core.js';
import { EmailVerificationCore } from '../email-verification.core.js';
import { Facts } from '../facts.js';
import type { PasswordHasher } from '../password-hasher.js';
import { SessionsCore } from '../sessions.core.js';
import { SigningKeysCore } from '../signing-keys.core.js';
import { TenantConfigCore } from '../tenant-config.core.js';
import { TenantsCore } from '../tenants.core.js';
import { ThirdPartyCore } from '../third-party.core.js';
import { UserIdMappingCore } from '../user-id-mapping.core.js';
import { UserMetadataCore } from '../user-metadata.core.js';
import { UsersCore } from '../users.core.js';
import { EmbeddedAppsCore } from './embedded-apps.core.js';
import { engineOptionTable } from '../core-parts.js';
import { resolveEngineOptions } from '../engine-options.js';
import type { EmbeddedCoreOptions } from './embedded-core.options.js';
import { EmbeddedEmailOutboxCore } from './embedded-email-outbox.core.js';
import { EmbeddedEmailPasswordCore } from './embedded-email-password.core.js';
import { EmbeddedEmailVerificationCore } from './embedded-email-verification.core.js';
import { EmbeddedSessionsCore } from './embedded-sessions.core.js';
import { EmbeddedSigningKeysCore } from './embedded-signing-keys.core.js';
import { EmbeddedTenantConfigCore } from './embedded-tenant-config.core.js';
import { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import { EmbeddedThirdPartyCore } from './embedded-third-party.core.js';
import { EmbeddedUserIdMappingCore } from './embedded-user-id-mapping.core.js';
import { EmbeddedUserMetadataCore } from './embedded-user-metadata.core.js';
import { EmbeddedUsersCore } from './embedded-users.core.js';
import { needsHousekeeping, ownsTenantData, ownsUserData } from './engine-part.js';
import { Housekeeper } from './housekeeper.js';
import { OneTimeTokens } from './one-time-tokens.js';
import { AuthDatabase } from './storage/auth-database.js';
import type { RecipeMigrations } from './storage/migration-plan.js';
import { openStorage } from './storage/open-storage.js';

export interface EmbeddedCoreDependencies {
  passwordHasher: PasswordHasher;
  /** Milliseconds since the Unix epoch. Default `Date.now`; tests move it. */
  clock?: () => number;
  /** Of recipes that the application brings; run, or checked, together with the core's own. */
  recipeMigrations?: readonly RecipeMigrations[];
  /** Whether an empty list of first factors forbids nothing: see `EmbeddedTenantsDependencies`. Default false. */
  driversDecide?: boolean;
}

/**
 * Opens the database, brings its tables up to date and starts the engine over it.
 * @throws {ConfigurationError} the database cannot be opened as configured
 */
export async function createEmbeddedCore(
  options: EmbeddedCoreOptions,
  dependencies: EmbeddedCoreDependencies,
): Promise<Core> {
  const database = await openStorage(options, dependencies.recipeMigrations);
  try {
    return await startEngine(database, options, dependencies);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function startEngine(
  database: AuthDatabase,
  options: EmbeddedCoreOptions,
  { passwordHasher, clock = Date.now, driversDecide = false }: EmbeddedCoreDependencies,
): Promise<Core> {
  const resolved = resolveEngineOptions(options, engineOptionTable());
  const tenants = new EmbeddedTenantsCore({
    database,
    clock,
    driversDecide,
    tenantDataOwners: () => [...ports.values()].filter(ownsTenantData),
  });
  const tokens = new OneTimeTokens(database, clock);
  const keys = new EmbeddedSigningKeysCore(database, {
    signingKeyLifetimeMs: resolved.signingKeyLifetimeHours * 3_600_000,
    accessTokenLifetimeMs: resolved.accessTokenLifetimeSeconds * 1000,
    clock,
  });
  const [dummyHash] = await Promise.all([
    passwordHasher.hash(randomBytes(32).toString('base64url')),
    // Now, rather than in the middle of the first sign-in.
    keys.signingKey('dynamic'),
  ]);

  const facts = new Facts();
  const emailPassword = new EmbeddedEmailPasswordCore({
    database,
    tenants,
    tokens,
    facts,
    passwordHasher,
    dummyHash,
    canVerifyFirebaseScrypt: options.firebasePasswordHashing !== undefined,
    passwordResetTokenLifetimeMs: resolved.passwordResetTokenLifetimeSeconds * 1000,
    clock,
  });
  const ports: ReadonlyMap<Port<unknown>, object> = new Map<Port<unknown>, object>([
    [AuthDatabase, database],
    [OneTimeTokens, tokens],
    [TenantsCore, tenants],
    [SigningKeysCore, keys],
    [UsersCore, new EmbeddedUsersCore(database, tenants, () => [...ports.values()].filter(ownsUserData))],
    [Facts, facts],
    [EmailPasswordCore, emailPassword],
    [EmailOutboxCore, new EmbeddedEmailOutboxCore(database, clock)],
    [
      EmailVerificationCore,
      new EmbeddedEmailVerificationCore({
        database,
        tenants,
        tokens,
        facts,
        emailVerificationTokenLifetimeMs: resolved.emailVerificationTokenLifetimeSeconds * 1000,
        clock,
      }),
    ],
    [ThirdPartyCore, new EmbeddedThirdPartyCore({ database, tenants, facts, clock })],
    [UserMetadataCore, new EmbeddedUserMetadataCore(database)],
    [UserIdMappingCore, new EmbeddedUserIdMappingCore(database)],
    [TenantConfigCore, new EmbeddedTenantConfigCore(database, tenants)],
    [AppsCore, new EmbeddedAppsCore(database, clock)],
    [
      SessionsCore,
      new EmbeddedSessionsCore({ ...resolved, database, tenants, keys, credentials: emailPassword, clock }),
    ],
  ]);
  return new EmbeddedCore(database, ports);
}

class EmbeddedCore extends Core {
  private readonly housekeeper: Housekeeper;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly database: AuthDatabase,
    private readonly ports: ReadonlyMap<Port<unknown>, object>,
  ) {
    super();
    this.housekeeper = new Housekeeper([...ports.values()].filter(needsHousekeeping));
  }

  port<T>(port: Port<T>): T {
    const implementation = this.ports.get(port);
    if (implementation === undefined) {
      throw new ConfigurationError(
        `The embedded core has no ${port.name}. Use a core that offers it, or remove the recipe that needs it`,
      );
    }
    return implementation as T;
  }

  offers(port: Port<unknown>): boolean {
    return this.ports.has(port);
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  async close(): Promise<void> {
    this.closing ??= this.housekeeper.stop().then(() => this.database.close());
    return this.closing;
  }
}
