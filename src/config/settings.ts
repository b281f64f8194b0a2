import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { databaseOf, UsageError } from '../../lib/cli/cli-arguments.js';
import { SIGNING_ALGORITHMS } from '../../lib/core/signing-keys.core.js';
import { checkOptions } from '../../lib/core/check-options.js';
import { ConfigurationError } from '../../lib/core/auth.error.js';
import type { EmbeddedDatabaseOptions } from '../../lib/core/embedded/storage/database.options.js';
import type { CorePart } from '../../lib/core/parts/core-part.js';
import { assertFree, engineOptionTable } from '../../lib/core/parts/core-parts.js';
import { engineOptionSchema, engineOptionShape } from '../../lib/core/engine-option.schema.js';
import { type EngineOptions, type EngineOptionTable, lifetimesMistake } from '../../lib/core/engine-options.js';
import { isBase64 } from '../../lib/core/embedded/firebase-scrypt.js';
import { splitApiKeys } from '../apps/api-keys.js';
import { DEFAULT_OPEN_APPS } from '../apps/apps.js';
import { type CoreServiceOptions, logLevels } from '../core-service.options.js';

const WHERE = 'Core service';

/** Settings by their names in a file, and the environment variable of each. */
const variables = {
  port: 'PORT',
  host: 'HOST',
  database: 'LATCHKEY_DATABASE',
  schema: 'LATCHKEY_SCHEMA',
  apiKeys: 'LATCHKEY_API_KEYS',
  requestsPerSecond: 'LATCHKEY_REQUESTS_PER_SECOND',
  signInAttempts: 'LATCHKEY_SIGN_IN_ATTEMPTS',
  openApps: 'LATCHKEY_OPEN_APPS',
  logLevel: 'LATCHKEY_LOG_LEVEL',
  signingAlgorithm: 'LATCHKEY_SIGNING_ALGORITHM',
  firebaseSignerKey: 'LATCHKEY_FIREBASE_SIGNER_KEY',
} as const;

type Setting = keyof typeof variables;

/** How a setting is given, at the end of a message. */
function by(variable: string): string {
  return `, by ${variable} or in the file`;
}

const PORT = `a whole number from 0 to 65535${by(variables.port)}`;
const REQUESTS = `a whole number of requests from 1 to 100000, or 0 for no limit${by(variables.requestsPerSecond)}`;
const SIGN_INS = `a whole number of attempts from 1 to 100000, or 0 for no limit${by(variables.signInAttempts)}`;
const OPEN_APPS = `a whole number of apps from 1 to 100000${by(variables.openApps)}`;
const LOG_LEVELS = `one of ${logLevels.join(', ')}${by(variables.logLevel)}`;
const ALGORITHMS = `one of ${SIGNING_ALGORITHMS.join(', ')}${by(variables.signingAlgorithm)}`;
const HOST = `an address or a name to listen at${by(variables.host)}`;
const API_KEYS = 'a list of keys';

const serviceShape = {
  port: z.preprocess(numberOf, z.int(PORT).min(0, PORT).max(65_535, PORT)).default(3567),
  host: z.string(HOST).min(1, HOST).default('127.0.0.1'),
  database: z.unknown().optional(),
  schema: z.unknown().optional(),
  apiKeys: z.unknown().optional(),
  requestsPerSecond: z.preprocess(numberOf, z.int(REQUESTS).min(0, REQUESTS).max(100_000, REQUESTS)).default(0),
  signInAttempts: z.preprocess(numberOf, z.int(SIGN_INS).min(0, SIGN_INS).max(100_000, SIGN_INS)).default(10),
  openApps: z
    .preprocess(numberOf, z.int(OPEN_APPS).min(1, OPEN_APPS).max(100_000, OPEN_APPS))
    .default(DEFAULT_OPEN_APPS),
  logLevel: z.enum(logLevels, LOG_LEVELS).default('log'),
  firebaseSignerKey: z.unknown().optional(),
  signingAlgorithm: z.enum(SIGNING_ALGORITHMS, ALGORITHMS).optional(),
};

/** What `readSettings` returns: the options of the service, and where it listens. */
export interface CoreServiceSettings extends CoreServiceOptions {
  /** 0 for any free one. */
  port: number;
  /** The address or the name at which the service listens. */
  host: string;
  apiKeys: string[];
  openApps: number;
}

/** The options of the engine are named in the file as they are in the code. */
function settingsSchema(table: EngineOptionTable) {
  const engineShape = engineOptionShape(table, (option) =>
    z.preprocess(numberOf, engineOptionSchema(option, by(option.environment))),
  );
  return z.strictObject({ ...engineShape, ...serviceShape }, 'an object of settings');
}

/**
 * Reads the settings of the service; the environment wins over the file.
 * @param parts what recipes from elsewhere add to the core, with options of their own
 * @throws {ConfigurationError} naming the setting, its value and the fix; never showing what may be secret
 */
export async function readSettings(
  configFile: string | undefined,
  environment: NodeJS.ProcessEnv,
  parts: readonly CorePart[] = [],
): Promise<CoreServiceSettings> {
  assertFree(parts, new Set([...Object.keys(serviceShape), ...Object.values(variables)]));
  const table = engineOptionTable(parts);
  const fromFile = configFile === undefined ? {} : await readConfigFile(configFile);
  const {
    database,
    schema: schemaName,
    apiKeys,
    firebaseSignerKey,
    port,
    host,
    logLevel,
    requestsPerSecond,
    signInAttempts,
    openApps,
    ...engine
  } = checkOptions(WHERE, settingsSchema(table), { ...fromFile, ...fromEnvironment(environment, table) });
  const lifetimes = lifetimesMistake(engine as EngineOptions);
  if (lifetimes !== undefined) throw new ConfigurationError(`${WHERE}: ${lifetimes}`);
  const signerKey = textOf('firebaseSignerKey', firebaseSignerKey);
  if (signerKey !== undefined && !isBase64(signerKey)) {
    throw new ConfigurationError(
      `${WHERE}: option firebaseSignerKey is not a text in base64. Give the project's base64_signer_key by ` +
        variables.firebaseSignerKey,
    );
  }
  return {
    port,
    host,
    logLevel,
    requestsPerSecond,
    signInAttempts,
    openApps,
    database: databaseSetting(database, schemaName),
    apiKeys: apiKeysSetting(apiKeys),
    engine: { ...engine, ...(signerKey === undefined ? {} : { firebasePasswordHashing: { signerKey } }) },
    ...(configFile === undefined ? {} : { configFile }),
  };
}

async function readConfigFile(file: string): Promise<object> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new ConfigurationError(`${WHERE}: the file ${file} ${problem}. Correct it, or the path in --config`, {
      cause,
    });
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  throw new ConfigurationError(`${WHERE}: the file ${file} holds no object. Give one such as { "port": 3567 }`);
}

/** A variable that is set to nothing counts as one that is not set. */
function fromEnvironment(environment: NodeJS.ProcessEnv, table: EngineOptionTable): Record<string, string | undefined> {
  const engine = Object.entries(table).map(([name, option]) => [name, option.environment] as const);
  const settings = [...Object.entries(variables), ...engine].map(
    ([setting, variable]) => [setting, environment[variable]] as const,
  );
  return Object.fromEntries(settings.filter(([, value]) => value !== undefined && value !== ''));
}

function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
}

function databaseSetting(database: unknown, schemaName: unknown): EmbeddedDatabaseOptions {
  try {
    return databaseOf(textOf('database', database) ?? 'sqlite:latchkey.sqlite', textOf('schema', schemaName));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new ConfigurationError(`${WHERE}: ${error.message} (${variables.database}, ${variables.schema})`);
  }
}

function apiKeysSetting(value: unknown): string[] {
  if (value === undefined) return [];
  const keys = typeof value === 'string' ? splitApiKeys(value) : value;
  const isList = Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === 'string' && key !== '');
  if (isList) return keys as string[];
  throw new ConfigurationError(
    `${WHERE}: option apiKeys is not ${API_KEYS}. Give them by ${variables.apiKeys}, separated by commas`,
  );
}

/** Without showing the value, which may be secret. */
function textOf(setting: Setting, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new ConfigurationError(`${WHERE}: option ${setting} is no text. Give it by ${variables[setting]}`);
}
