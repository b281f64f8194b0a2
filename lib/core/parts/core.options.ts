import { z } from 'zod';
import { checkOptions, onFirstUse } from '../check-options.js';
import { ConfigurationError } from '../auth.error.js';
import type { CorePart } from './core-part.js';
import { assertFree, engineOptionTable } from './core-parts.js';
import type { EmbeddedDatabaseOptions } from '../embedded/storage/database.options.js';
import { engineOptionShape, wholeSchema } from '../engine-option.schema.js';
import { type EngineOptions, type EngineOptionTable, lifetimesMistake } from '../engine-options.js';
import { connectionStringMistake, isSchemaName } from '../embedded/storage/postgres/connection-string.js';
import { isBase64 } from '../embedded/firebase-scrypt.js';
import { isPostgresPool } from '../postgres-pool.types.js';
import { SIGNING_ALGORITHMS } from '../signing-keys.core.js';
import type { FirebasePasswordHashingOptions } from '../password-hashing.options.js';
import { connectionURIMistake, type RemoteCoreOptions } from '../remote/remote-core.options.js';

/** A core in this process, over a database of its own. */
export type EmbeddedCoreOptions = EmbeddedDatabaseOptions & EngineOptions;

/** Which core keeps the data. */
export type CoreOptions = EmbeddedCoreOptions | RemoteCoreOptions;

export function isRemoteCore(options: CoreOptions): options is RemoteCoreOptions {
  return 'connectionURI' in options;
}

const EXAMPLE = "{ sqlite: 'auth.sqlite' }";

const BEHIND = "'check-database', 'refuse' or 'accept'";

const remoteFeedShape = () => ({
  maxBehindSeconds: wholeSchema(1, 86_400, 'seconds').optional(),
  whenBehind: z.enum(['check-database', 'refuse', 'accept'], BEHIND).optional(),
  maxEntries: wholeSchema(1000, 10_000_000, 'entries').optional(),
});
const feedShape = () => ({
  ...remoteFeedShape(),
  pollIntervalMs: wholeSchema(100, 60_000, 'milliseconds').optional(),
  listen: z.boolean('true or false').optional(),
  refreshChangedClaims: z.boolean('true or false').optional(),
});

function feedSchema(shape: z.ZodRawShape) {
  const options = `false, or { ${Object.keys(shape).join(', ')} }`;
  return z.union([z.literal(false), z.strictObject(shape)], options).optional();
}

const sharedShape = onFirstUse(() => ({
  migrations: z.enum(['auto', 'check'], "'auto' or 'check'").optional(),
  signingAlgorithm: z.enum(SIGNING_ALGORITHMS, "'RS256', 'ES256' or 'EdDSA'").optional(),
  // Checked by hand: a message about it must not show the key.
  firebasePasswordHashing: z.custom<FirebasePasswordHashingOptions>(() => true).optional(),
  passwordHashing: z
    .strictObject(
      {
        // RFC 9106 §3.1: at least 8 KiB for each lane.
        memoryCostKiB: wholeSchema(8, 4_194_304, 'kibibytes').optional(),
        timeCost: wholeSchema(1, 100, 'passes').optional(),
        parallelism: wholeSchema(1, 255, 'lanes').optional(),
        bcryptBeyond72Bytes: z.enum(['refuse', 'accept'], "'refuse' or 'accept'").optional(),
      },
      '{ memoryCostKiB, timeCost, parallelism }',
    )
    .optional(),
}));

const sqliteShape = () => ({
  sqlite: z.string("a file path such as 'auth.sqlite'").min(1, "a file path such as 'auth.sqlite'"),
  ...sharedShape(),
  revocationFeed: feedSchema(feedShape()),
});

const SCHEMA_NAME = 'a name of at most 63 lower-case letters, digits and underscores that begins with a letter';

const postgresShape = () => ({
  postgres: z.custom(() => true),
  schema: z.string(SCHEMA_NAME).refine(isSchemaName, SCHEMA_NAME).optional(),
  statementTimeoutMs: wholeSchema(1, 3_600_000, 'milliseconds').optional(),
  ...sharedShape(),
  revocationFeed: feedSchema(feedShape()),
});

const embeddedSchema = (shape: z.ZodRawShape, table: EngineOptionTable) =>
  z.strictObject({ ...shape, ...engineOptionShape(table) }, EXAMPLE);
/** Without parts from elsewhere. */
const ownSqliteSchema = onFirstUse(() => embeddedSchema(sqliteShape(), engineOptionTable()));
const ownPostgresSchema = onFirstUse(() => embeddedSchema(postgresShape(), engineOptionTable()));

const API_KEY = 'a key of the core, without spaces at its ends';

/** What it mostly means that an option is there without a value. */
const UNSET_VARIABLE = 'If it comes from an environment variable, that is not set. Give a value such as';

const remoteSchema = onFirstUse(() =>
  z.strictObject(
    {
      connectionURI: z.custom(() => true),
      apiKey: z
        .string(API_KEY)
        .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, API_KEY)
        .optional(),
      timeoutMs: wholeSchema(1, 3_600_000, 'milliseconds').optional(),
      revocationFeed: feedSchema(remoteFeedShape()),
    },
    EXAMPLE,
  ),
);

/** Those that are no options of parts. */
const NAMES = onFirstUse(
  () => new Set([sqliteShape(), postgresShape(), remoteSchema().shape].flatMap((shape) => Object.keys(shape))),
);

/**
 * @param parts what recipes from elsewhere add to the core, with options of their own
 * @throws {ConfigurationError}
 */
export function checkCoreOptions(options: CoreOptions, parts: readonly CorePart[] = []): CoreOptions {
  if (parts.length > 0) assertFree(parts, NAMES());
  const names = new Set(Object.keys(Object(options) as object));
  const table = engineOptionTable(parts);
  if (names.has('connectionURI')) return checkRemoteCoreOptions(options, names, table);
  if (names.has('sqlite') && names.has('postgres')) {
    throw mistake('options sqlite and postgres are both given. Give one of them.');
  }
  // Apart from the rest, since a message about it must not show it: there may be a password in it.
  const problem = postgresMistake(options) ?? firebaseMistake(options);
  if (problem !== undefined) throw mistake(problem);

  const [shape, ownSchema] = names.has('postgres')
    ? [postgresShape, ownPostgresSchema]
    : [sqliteShape, ownSqliteSchema];
  const schema = parts.length === 0 ? ownSchema() : embeddedSchema(shape(), table);
  const checked = checkOptions<unknown>('AuthModule core', schema, options) as EmbeddedCoreOptions;
  const lifetimes = lifetimesMistake(checked);
  if (lifetimes !== undefined) throw mistake(lifetimes);
  return checked;
}

function checkRemoteCoreOptions(
  options: unknown,
  names: ReadonlySet<string>,
  table: EngineOptionTable,
): RemoteCoreOptions {
  const database = ['sqlite', 'postgres'].find((name) => names.has(name));
  if (database !== undefined) throw mistake(`options connectionURI and ${database} are both given. Give one of them.`);
  const { connectionURI, apiKey } = options as { connectionURI: unknown; apiKey?: unknown };
  // By hand, since messages about these must not show them: there may be a password or a key in them.
  if (connectionURI === undefined) {
    throw mistake(`option connectionURI is undefined. ${UNSET_VARIABLE} http://localhost:3567.`);
  }
  const problem = connectionURIMistake(connectionURI);
  if (problem !== undefined) {
    throw mistake(`option connectionURI ${problem}. Give the address of a core, such as http://localhost:3567.`);
  }
  if (apiKey !== undefined && !remoteSchema().shape.apiKey.safeParse(apiKey).success) {
    throw mistake(`option apiKey is not one that can be sent. Give ${API_KEY}.`);
  }
  const elsewhere = [...names].find((name) => name in sharedShape() || name in table);
  if (elsewhere !== undefined) {
    throw mistake(`option ${elsewhere} is for a core in this process. Configure it where the core runs.`);
  }
  return checkOptions<unknown>('AuthModule core', remoteSchema(), options) as RemoteCoreOptions;
}

function postgresMistake(options: unknown): string | undefined {
  if (typeof options === 'string' && /^postgres/i.test(options)) {
    return "the options are a connection string. Give { postgres: 'postgres://…' }.";
  }
  const candidate = Object(options) as { postgres?: unknown };
  if (!Object.hasOwn(candidate, 'postgres') || isPostgresPool(candidate.postgres)) return undefined;
  const { postgres } = candidate;
  if (typeof postgres === 'string') return forOption('postgres', postgres);
  if (postgres === undefined)
    return `option postgres is undefined. ${UNSET_VARIABLE} postgres://user:password@host/database.`;
  if (typeof postgres !== 'object' || postgres === null || Array.isArray(postgres)) {
    const type = postgres === null ? 'null' : Array.isArray(postgres) ? 'a list' : `of type ${typeof postgres}`;
    return `option postgres is ${type}. Give a connection string, a configuration for a pg.Pool, or a pg.Pool.`;
  }
  const { connectionString } = postgres as { connectionString?: unknown };
  return connectionString === undefined ? undefined : forOption('postgres.connectionString', connectionString);
}

function firebaseMistake(options: unknown): string | undefined {
  const { firebasePasswordHashing: hashing } = Object(options) as { firebasePasswordHashing?: unknown };
  if (hashing === undefined) return undefined;
  const { signerKey } = Object(hashing) as { signerKey?: unknown };
  if (typeof signerKey === 'string' && isBase64(signerKey)) return undefined;
  return (
    'option firebasePasswordHashing.signerKey is not a text in base64. ' +
    'Give the base64_signer_key of the Firebase project.'
  );
}

function forOption(option: string, connectionString: unknown): string | undefined {
  const problem = connectionStringMistake(connectionString);
  return problem === undefined ? undefined : `option ${option} ${problem}.`;
}

function mistake(message: string): ConfigurationError {
  return new ConfigurationError(`AuthModule core: ${message}`);
}
