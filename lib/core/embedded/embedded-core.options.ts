import type { PostgresPool, PostgresPoolConfig } from './storage/postgres/postgres-pool.types.js';

/** Cost of argon2id. The defaults are OWASP's first recommendation for it. */
export interface PasswordHashingOptions {
  /** Memory for each hash, in KiB. Default 19456. */
  memoryCostKiB?: number;
  /** Passes over that memory. Default 2. */
  timeCost?: number;
  /** Threads for each hash. Default 1. */
  parallelism?: number;
}

/** What it takes to verify password hashes that were exported from Firebase. */
export interface FirebasePasswordHashingOptions {
  /** The project's `base64_signer_key`. A secret. */
  signerKey: string;
}

interface MigrationOptions {
  /**
   * `auto` brings the tables up to date at boot; `check` refuses to boot over older ones, and leaves it to
   * `npx latchkey migrate`. Default `auto`.
   */
  migrations?: 'auto' | 'check';
}

export interface SqliteDatabaseOptions extends MigrationOptions {
  /** Path of the database file, made when it is not there, or `:memory:`. */
  sqlite: string;
}

export interface PostgresDatabaseOptions extends MigrationOptions {
  /**
   * A connection string (`postgres://…`), what `new pg.Pool()` takes, or a `pg.Pool` of the application, which
   * is never ended here.
   */
  postgres: string | PostgresPoolConfig | PostgresPool;
  /** Where the tables are; one for each app. Made when it is not there. Default `latchkey`. */
  schema?: string;
  /** After how long a statement is given up, in milliseconds. Default 10000. */
  statementTimeoutMs?: number;
}

/** Where the data is. */
export type EmbeddedDatabaseOptions = SqliteDatabaseOptions | PostgresDatabaseOptions;

export type EmbeddedCoreOptions = EmbeddedDatabaseOptions & EngineOptions;

/** How the core works, wherever its data is. */
export interface EngineOptions {
  /** How long an access token is accepted without asking the core. Default 3600 (an hour). */
  accessTokenLifetimeSeconds?: number;
  /** How long a session lives without a refresh. Default 8640000 (100 days). */
  refreshTokenLifetimeSeconds?: number;
  /**
   * How long a spent refresh token still yields its successor, 0 to 300. Default 30. At 0, two tabs that
   * refresh at once are reported as theft.
   */
  refreshGraceSeconds?: number;
  /** After how long the dynamic signing key is replaced. Default 168 (a week). */
  signingKeyLifetimeHours?: number;
  /** How long a password reset token works. Default 3600 (an hour). */
  passwordResetTokenLifetimeSeconds?: number;
  /** How long an email verification token works. Default 86400 (a day). */
  emailVerificationTokenLifetimeSeconds?: number;
  passwordHashing?: PasswordHashingOptions;
  /** Needed for users whose passwords were hashed by Firebase. */
  firebasePasswordHashing?: FirebasePasswordHashingOptions;
}

export type ResolvedEngineOptions = Required<Omit<EngineOptions, 'passwordHashing' | 'firebasePasswordHashing'>> & {
  passwordHashing: Required<PasswordHashingOptions>;
  firebasePasswordHashing: FirebasePasswordHashingOptions | undefined;
};

/** Fills in the defaults. Ranges are checked where the application gives the options. */
export function resolveEmbeddedCoreOptions(options: EngineOptions): ResolvedEngineOptions {
  return {
    accessTokenLifetimeSeconds: options.accessTokenLifetimeSeconds ?? 3600,
    refreshTokenLifetimeSeconds: options.refreshTokenLifetimeSeconds ?? 8_640_000,
    refreshGraceSeconds: options.refreshGraceSeconds ?? 30,
    signingKeyLifetimeHours: options.signingKeyLifetimeHours ?? 168,
    passwordResetTokenLifetimeSeconds: options.passwordResetTokenLifetimeSeconds ?? 3600,
    emailVerificationTokenLifetimeSeconds: options.emailVerificationTokenLifetimeSeconds ?? 86_400,
    passwordHashing: {
      memoryCostKiB: options.passwordHashing?.memoryCostKiB ?? 19_456,
      timeCost: options.passwordHashing?.timeCost ?? 2,
      parallelism: options.passwordHashing?.parallelism ?? 1,
    },
    firebasePasswordHashing: options.firebasePasswordHashing,
  };
}
