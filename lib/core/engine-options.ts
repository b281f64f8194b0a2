import type { FirebasePasswordHashingOptions, PasswordHashingOptions } from './password-hashing.options.js';
import type { RevocationFeedOptions } from './revocation-feed.options.js';
import type { SigningAlgorithm } from './signing-keys.core.js';

/** A number by which the core works: stated once, read by the core, by the settings of the core service and by the guides. */
export interface EngineOption {
  default: number;
  /** The smallest value; where fractions are allowed, the value must be greater. */
  min: number;
  /** The greatest value. */
  max: number;
  /** In messages, such as `seconds`. The name of the option ends with it. */
  unit: string;
  /** Whether fractions are allowed. @default false */
  isFraction?: boolean;
  /** The environment variable of the core service, such as `NOTES_LIFETIME_SECONDS`. */
  environment: string;
  /** What it does, in a few words. */
  doc: string;
  /** How drivers set it for an app of the core service, or for a tenant. @default they do not */
  coreConfig?: CoreConfigKey;
}

/** The name of an engine option in the `coreConfig` of an app or a tenant. */
export interface CoreConfigKey {
  /** Such as `note_lifetime`. */
  key: string;
  /** How many of the units there make one of ours: 1000 for milliseconds of an option in seconds. @default 1 */
  scale?: number;
  /** Whether a tenant may have its own value, beside the app: then the part reads it by `Engine.optionOf`. */
  of: 'app' | 'tenant';
}

/**
 * How the core works, wherever its data is. A core part of a recipe adds options of its own, numbers all of them, to this
 * interface and to the table `CorePart.options`:
 *
 * ```ts
 * declare module 'latchkey' {
 *   interface EngineOptions {
 *     noteLifetimeSeconds?: number;
 *   }
 * }
 * ```
 */
export interface EngineOptions {
  /** How long an access token is accepted without asking the core, in seconds. @default 3600, an hour */
  accessTokenLifetimeSeconds?: number;
  /** How long a session lives without a refresh, in seconds. @default 8640000, 100 days */
  refreshTokenLifetimeSeconds?: number;
  /**
   * How long a session lives from its creation on, however often it is refreshed, in seconds; 0 for as long as it is
   * refreshed. @default 0
   */
  maxSessionLifetimeSeconds?: number;
  /**
   * How many sessions a user may have in a tenant; one more ends the one that was made first. 0 for no limit.
   * @default 10000
   */
  maxUserSessions?: number;
  /**
   * For how long after a refresh the spent token yields the same successor, in seconds, also when that was used already. At 0, a tab that
   * refreshes when another has used what it got is reported as theft. @default 30
   */
  refreshGraceSeconds?: number;
  /** After how long the dynamic signing key is replaced, in hours. @default 168, a week */
  signingKeyLifetimeHours?: number;
  /**
   * By which tokens are signed. A key that is there already signs until it is replaced. Every verifier of JWTs knows `RS256`; the others
   * sign many times as fast, and their tokens are shorter. @default 'RS256'
   */
  signingAlgorithm?: SigningAlgorithm;
  /** How many passwords are hashed at once; 0 for as many as there are cores, as far as libuv's threads suffice. @default 0 */
  concurrentPasswordHashes?: number;
  /** How many may wait for each that is hashed; whatever comes then is answered 503. @default 100 */
  waitingPasswordHashes?: number;
  /**
   * How guards learn at once of sessions that were revoked by any process; `false` leaves such sessions until their access tokens
   * expire. @default {}
   */
  revocationFeed?: RevocationFeedOptions | false;
  /** Cost of argon2id. */
  passwordHashing?: PasswordHashingOptions;
  /** Needed for users whose passwords were hashed by Firebase. */
  firebasePasswordHashing?: FirebasePasswordHashingOptions;
}

/** Those that are numbers, and so have an entry in a table. */
export type EngineNumber = Exclude<
  keyof EngineOptions,
  'passwordHashing' | 'firebasePasswordHashing' | 'revocationFeed' | 'signingAlgorithm'
>;

/** By name. */
export type EngineOptionTable = Readonly<Record<string, EngineOption>>;

/** The options with their defaults. */
export type ResolvedEngineOptions = Required<Pick<EngineOptions, EngineNumber>>;

/** A day, for defaults and limits of options in seconds. */
export const DAY_SECONDS = 86_400;

/** How long sessions and their keys live. */
export const sessionOptions = {
  accessTokenLifetimeSeconds: {
    default: 3600,
    min: 1,
    max: 365 * DAY_SECONDS,
    unit: 'seconds',
    environment: 'LATCHKEY_ACCESS_TOKEN_LIFETIME_SECONDS',
    doc: 'How long an access token is accepted',
    coreConfig: { key: 'access_token_validity', of: 'app' },
  },
  refreshTokenLifetimeSeconds: {
    default: 8_640_000,
    min: 1,
    max: 10 * 365 * DAY_SECONDS,
    unit: 'seconds',
    environment: 'LATCHKEY_REFRESH_TOKEN_LIFETIME_SECONDS',
    doc: 'How long a session lives without a refresh',
    coreConfig: { key: 'refresh_token_validity', scale: 1 / 60, of: 'app' },
  },
  maxSessionLifetimeSeconds: {
    default: 0,
    min: 0,
    max: 10 * 365 * DAY_SECONDS,
    unit: 'seconds',
    environment: 'LATCHKEY_MAX_SESSION_LIFETIME_SECONDS',
    doc: 'How long a session lives at most, 0 for as long as it is refreshed',
  },
  maxUserSessions: {
    default: 10_000,
    min: 0,
    max: 100_000,
    unit: 'sessions',
    environment: 'LATCHKEY_MAX_USER_SESSIONS',
    doc: 'How many sessions a user may have in a tenant before the oldest ends, 0 for no limit',
  },
  refreshGraceSeconds: {
    default: 30,
    min: 0,
    max: 300,
    unit: 'seconds',
    environment: 'LATCHKEY_REFRESH_GRACE_SECONDS',
    doc: 'How long a spent refresh token yields its successor',
    coreConfig: { key: 'refresh_token_rotation_grace_period', of: 'app' },
  },
  signingKeyLifetimeHours: {
    default: 168,
    min: 0,
    max: 10 * 365 * 24,
    unit: 'hours',
    isFraction: true,
    environment: 'LATCHKEY_SIGNING_KEY_LIFETIME_HOURS',
    doc: 'After how long the dynamic signing key is replaced',
    coreConfig: { key: 'access_token_dynamic_signing_key_update_interval', of: 'app' },
  },
} as const satisfies EngineOptionTable;

/** How much is hashed at once, by whatever `PasswordHasher`: one line for each process. */
export const hashingOptions = {
  concurrentPasswordHashes: {
    default: 0,
    min: 0,
    max: 1024,
    unit: 'hashes',
    environment: 'LATCHKEY_CONCURRENT_PASSWORD_HASHES',
    doc: 'How many passwords are hashed at once, 0 for one on each core',
  },
  waitingPasswordHashes: {
    default: 100,
    min: 0,
    max: 10_000,
    unit: 'hashes',
    environment: 'LATCHKEY_WAITING_PASSWORD_HASHES',
    doc: 'How many passwords may wait for each that is hashed',
  },
} as const satisfies EngineOptionTable;

/** What every core has. */
export const ownOptions = { ...sessionOptions, ...hashingOptions } as const;

/** Fills in the defaults. Ranges are checked where the application gives the options. */
export function resolveEngineOptions(options: EngineOptions, table: EngineOptionTable): ResolvedEngineOptions {
  const numbers = options as Record<string, number | undefined>;
  const resolved = Object.entries(table).map(([name, option]) => [name, numbers[name] ?? option.default]);
  return Object.fromEntries(resolved) as ResolvedEngineOptions;
}

/** @returns what is wrong with lifetimes that are each in their range */
export function lifetimesMistake(options: EngineOptions): string | undefined {
  const { accessTokenLifetimeSeconds, refreshTokenLifetimeSeconds } = resolveEngineOptions(options, sessionOptions);
  if (refreshTokenLifetimeSeconds >= accessTokenLifetimeSeconds) return undefined;
  return (
    `option refreshTokenLifetimeSeconds is ${refreshTokenLifetimeSeconds}, shorter than ` +
    `accessTokenLifetimeSeconds, which is ${accessTokenLifetimeSeconds}. Give a longer one.`
  );
}
