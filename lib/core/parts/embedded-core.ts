import type { KeyPairKeyObjectResult } from 'node:crypto';
import { AppsCore } from '../apps.core.js';
import { AttemptsCore } from '../attempts.core.js';
import { AuthDatabase } from '../auth-database.js';
import { ConfigurationError } from '../auth.error.js';
import type { CorePart } from './core-part.js';
import { coreParts, engineOptionTable, migrationsOf, portsOf } from './core-parts.js';
import type { EmbeddedCoreOptions } from './core.options.js';
import { Core, type Port } from '../core.js';
import { EmailOutboxCore } from '../email-outbox.core.js';
import { type ResolvedEngineOptions, resolveEngineOptions } from '../engine-options.js';
import { Facts } from '../facts.js';
import { HealthCore } from '../health.core.js';
import { MultitenancyCore } from '../multitenancy.core.js';
import type { PasswordHasher } from '../password-hasher.js';
import { AbsentRevocationFeed, RevocationFeed } from '../revocation-feed.js';
import { RevocationJournal } from '../revocation-journal.js';
import { resolveRevocationFeed } from '../revocation-feed.options.js';
import { SessionsCore } from '../sessions.core.js';
import { SigningKeysCore } from '../signing-keys.core.js';
import { OpenFlowsCore } from '../open-flows.core.js';
import { SpentTokensCore } from '../spent-tokens.core.js';
import { TenantConfigCore } from '../tenant-config.core.js';
import { TenantsCore } from '../tenants.core.js';
import { UserIdMappingCore } from '../user-id-mapping.core.js';
import { UserImportCore } from '../user-import.core.js';
import { UserMetadataCore } from '../user-metadata.core.js';
import { UsersCore } from '../users.core.js';
import { Accounts } from '../embedded/accounts.js';
import { EmbeddedAppsCore } from '../embedded/embedded-apps.core.js';
import { EmbeddedAttemptsCore } from '../embedded/embedded-attempts.core.js';
import { EmbeddedEmailOutboxCore } from '../embedded/embedded-email-outbox.core.js';
import { EmbeddedHealthCore } from '../embedded/embedded-health.core.js';
import { EmbeddedMultitenancyCore } from '../embedded/embedded-multitenancy.core.js';
import type { EmbeddedEngine } from './embedded-engine.js';
import { EmbeddedRevocationFeed } from '../embedded/embedded-revocation-feed.js';
import { EmbeddedSessionsCore } from '../embedded/embedded-sessions.core.js';
import { EmbeddedSigningKeysCore } from '../embedded/embedded-signing-keys.core.js';
import { EmbeddedOpenFlowsCore } from '../embedded/embedded-open-flows.core.js';
import { BoundedPasswordHasher } from '../embedded/bounded-password-hasher.js';
import { hashingLimits } from '../embedded/hashing-limits.js';
import { EmbeddedSpentTokensCore } from '../embedded/embedded-spent-tokens.core.js';
import { EmbeddedTenantConfigCore } from '../embedded/embedded-tenant-config.core.js';
import { EmbeddedTenantsCore } from '../embedded/embedded-tenants.core.js';
import { EmbeddedUserIdMappingCore } from '../embedded/embedded-user-id-mapping.core.js';
import { EmbeddedUserImportCore } from '../embedded/embedded-user-import.core.js';
import { EmbeddedUserMetadataCore } from '../embedded/embedded-user-metadata.core.js';
import { EmbeddedUsersCore } from '../embedded/embedded-users.core.js';
import {
  needsHousekeeping,
  ownsCredentials,
  ownsTenantData,
  ownsUserData,
  refersToUsers,
} from '../embedded/engine-part.js';
import { Housekeeper } from '../embedded/housekeeper.js';
import { OneTimeTokens } from '../embedded/one-time-tokens.js';
import { TenantOptions } from '../embedded/tenant-options.js';
import { SqlAuthDatabase } from '../embedded/storage/sql-auth-database.js';
import { UserActivity } from '../embedded/user-activity.js';
import { openStorage } from '../embedded/storage/open-storage.js';

interface EmbeddedCoreDependencies {
  passwordHasher: PasswordHasher;
  /** Milliseconds since the Unix epoch; tests move it. @default Date.now */
  clock?: () => number;
  /** Makes the keys that sign tokens, each 2048 bits. @default new ones, a quarter of a second of a processor each */
  generateKeyPair?: () => Promise<KeyPairKeyObjectResult>;
  /** Of recipes from elsewhere, beside our own. */
  parts?: readonly CorePart[];
  /** Whether it may be closed before a minute is over, and opened again: then its housekeeping is done when it is opened. @default false */
  closesWhenIdle?: boolean;
  /** Whether an empty list of first factors forbids nothing: see `EmbeddedTenantsDependencies`. @default false */
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
  const { parts = [] } = dependencies;
  const database = await openStorage(options, migrationsOf(parts));
  try {
    return await startEngine(database, options, dependencies);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function startEngine(
  database: SqlAuthDatabase,
  options: EmbeddedCoreOptions,
  {
    passwordHasher,
    // Not the function itself: a test may put another one in its place.
    clock = () => Date.now(),
    generateKeyPair,
    driversDecide = false,
    closesWhenIdle = false,
    parts: others = [],
  }: EmbeddedCoreDependencies,
): Promise<Core> {
  const parts = [...coreParts, ...others];
  const table = engineOptionTable(others);
  const resolved = resolveEngineOptions(options, table);
  const tenantOptions = new TenantOptions(database, table, resolved);
  const ports = new Map<Port<unknown>, object>();
  const tenants = new EmbeddedTenantsCore({
    database,
    clock,
    driversDecide,
    tenantDataOwners: () => [...ports.values()].filter(ownsTenantData),
    takenStatusOf: (recipeId) => parts.find(({ id }) => id === recipeId)?.loginMethod?.takenStatus,
  });
  const tokens = new OneTimeTokens(database, clock);
  const facts = new Facts();
  const keys = new EmbeddedSigningKeysCore(database, {
    signingKeyLifetimeMs: resolved.signingKeyLifetimeHours * 3_600_000,
    accessTokenLifetimeMs: resolved.accessTokenLifetimeSeconds * 1000,
    signingAlgorithm: options.signingAlgorithm ?? 'RS256',
    clock,
    generateKeyPair,
  });
  const feed = makeFeed(database, options, resolved, clock);
  const core = new EmbeddedCore(database, ports, feed);
  const engine: EmbeddedEngine = {
    database,
    tenants,
    accounts: new Accounts(database, clock),
    tokens,
    facts,
    passwordHasher: BoundedPasswordHasher.around(
      passwordHasher,
      hashingLimits(resolved.concurrentPasswordHashes, resolved.waitingPasswordHashes),
    ),
    options: resolved,
    optionOf: (tenantId, name) => tenantOptions.of(tenantId, name),
    firebasePasswordHashing: options.firebasePasswordHashing,
    clock,
    port: (port) => core.port(port),
  };
  const canVerifyFirebaseScrypt = options.firebasePasswordHashing !== undefined;
  const [made] = await Promise.all([
    portsOf(parts, (part) => part.embedded(engine)),
    // Now, rather than in the middle of the first sign-in.
    keys.signingKey('dynamic'),
  ]);
  const credentials = made.map(([, implementation]) => implementation).find(ownsCredentials)!;
  const revocations = feed && { log: feed.log, watch: feed, refreshesChangedClaims: feed.refreshesChangedClaims };
  const activity = new UserActivity(database);
  const sessions = { ...resolved, database, tenants, keys, credentials, clock, revocations, activity };
  const owners = () => [...ports.values()].filter(ownsUserData);
  const all: [Port<unknown>, object][] = [
    [AuthDatabase, database],
    [SqlAuthDatabase, database],
    [OneTimeTokens, tokens],
    [AttemptsCore, new EmbeddedAttemptsCore(database, clock)],
    [SpentTokensCore, new EmbeddedSpentTokensCore(database)],
    [OpenFlowsCore, new EmbeddedOpenFlowsCore(database, clock)],
    [TenantsCore, tenants],
    [SigningKeysCore, keys],
    [UserActivity, activity],
    [UsersCore, new EmbeddedUsersCore(database, tenants, activity, owners)],
    [Facts, facts],
    ...made,
    [EmailOutboxCore, new EmbeddedEmailOutboxCore(database, clock)],
    [HealthCore, new EmbeddedHealthCore(database, keys)],
    [UserMetadataCore, new EmbeddedUserMetadataCore(database)],
    [UserImportCore, new EmbeddedUserImportCore({ ...engine, canVerifyFirebaseScrypt })],
    [UserIdMappingCore, new EmbeddedUserIdMappingCore(database, () => [...ports.values()].filter(refersToUsers))],
    [TenantConfigCore, new EmbeddedTenantConfigCore(database, tenants)],
    [
      MultitenancyCore,
      new EmbeddedMultitenancyCore({ database, options: tenantOptions, port: (port) => core.port(port) }),
    ],
    [AppsCore, new EmbeddedAppsCore(database, clock)],
    [SessionsCore, new EmbeddedSessionsCore(sessions)],
    [RevocationFeed, feed ?? new AbsentRevocationFeed('revocationFeed is false')],
  ];
  if (feed !== undefined) all.push([RevocationJournal, feed.journal]);
  for (const [port, implementation] of all) ports.set(port, implementation);
  await feed?.start();
  core.start(closesWhenIdle);
  return core;
}

/** @returns undefined where the options switch it off */
function makeFeed(
  database: SqlAuthDatabase,
  { revocationFeed }: EmbeddedCoreOptions,
  { accessTokenLifetimeSeconds }: ResolvedEngineOptions,
  clock: () => number,
): EmbeddedRevocationFeed | undefined {
  if (revocationFeed === false) return undefined;
  const options = resolveRevocationFeed(revocationFeed);
  const accessTokenLifetimeMs = accessTokenLifetimeSeconds * 1000;
  return new EmbeddedRevocationFeed({ database, options, accessTokenLifetimeMs, clock });
}

class EmbeddedCore extends Core {
  private housekeeper: Housekeeper | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly ports: ReadonlyMap<Port<unknown>, object>,
    private readonly feed: EmbeddedRevocationFeed | undefined,
  ) {
    super();
  }

  /** Once its ports are there. */
  start(housekeepAtOnce: boolean): void {
    this.housekeeper = new Housekeeper([...this.ports.values()].filter(needsHousekeeping), housekeepAtOnce);
  }

  port<T>(port: Port<T>): T {
    const implementation = this.ports.get(port);
    if (implementation !== undefined) return implementation as T;
    throw new ConfigurationError(
      `The embedded core has no ${port.name}. Add its part: to coreParts of a recipe, or to parts of the core service`,
    );
  }

  offers(port: Port<unknown>): boolean {
    return this.ports.has(port);
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  async close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    await this.housekeeper?.stop();
    await this.feed?.stop();
    // A database that is gone loses what a process that is killed loses.
    await this.port(UserActivity)
      .write()
      .catch(() => undefined);
    await this.database.close();
  }
}
