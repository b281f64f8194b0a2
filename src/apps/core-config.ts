import { z } from 'zod';
import { BadInputError } from '../../lib/core/auth.error.js';
import { emailPasswordPart } from '../../lib/core/parts/email-password.part.js';
import { type EngineOptions, resolveEngineOptions, sessionOptions } from '../../lib/core/engine-options.js';
import type { JsonObject } from '../../lib/core/json.types.js';
import { ApiKeys, splitApiKeys } from './api-keys.js';

/** Numbers may come as text. */
const positive = (max: number) => z.coerce.number().positive().max(max);
const wholeSeconds = ({ min, max }: { min: number; max: number }) => z.coerce.number().int().min(min).max(max);

const { accessTokenLifetimeSeconds, refreshTokenLifetimeSeconds, refreshGraceSeconds, signingKeyLifetimeHours } =
  sessionOptions;
const { passwordResetTokenLifetimeSeconds } = emailPasswordPart.options;

const schema = z.object({
  access_token_validity: wholeSeconds(accessTokenLifetimeSeconds).optional(),
  refresh_token_validity: positive(refreshTokenLifetimeSeconds.max / 60).optional(),
  access_token_dynamic_signing_key_update_interval: positive(signingKeyLifetimeHours.max).optional(),
  access_token_signing_key_dynamic: z.boolean().optional(),
  refresh_token_rotation_grace_period: wholeSeconds(refreshGraceSeconds).optional(),
  password_reset_token_lifetime: positive(passwordResetTokenLifetimeSeconds.max * 1000).optional(),
  api_keys: z.string().nullable().optional(),
});

type CoreConfig = z.output<typeof schema>;

/** Those that change nothing here are kept and handed back all the same. */
export function ignoredKeysOf(coreConfig: JsonObject): string[] {
  return Object.keys(coreConfig).filter((key) => !Object.hasOwn(schema.shape, key));
}

/** @throws {BadInputError} a value that the key cannot have */
export function checkCoreConfig(coreConfig: JsonObject): void {
  read(coreConfig);
}

/** What the `coreConfig` of an app changes in the options of the service. */
export function engineOptionsOf(coreConfig: JsonObject, inherited: EngineOptions): EngineOptions {
  const config = read(coreConfig);
  const options: EngineOptions = { ...inherited, ...withoutUndefined(translated(config)) };
  const lifetimes = resolveEngineOptions(options, sessionOptions);
  if (lifetimes.refreshTokenLifetimeSeconds <= lifetimes.accessTokenLifetimeSeconds) {
    throw new BadInputError("'refresh_token_validity' must be strictly greater than 'access_token_validity'");
  }
  return options;
}

/** @returns undefined where the keys of the service are to be taken */
export function apiKeysOf(coreConfig: JsonObject): ApiKeys | undefined {
  const { api_keys } = read(coreConfig);
  return api_keys ? new ApiKeys(splitApiKeys(api_keys)) : undefined;
}

function read(coreConfig: JsonObject): CoreConfig {
  const result = schema.safeParse(coreConfig);
  if (result.success) return result.data;
  const keys = [...new Set(result.error.issues.map(({ path }) => String(path[0])))];
  throw new BadInputError(`Invalid core config: ${keys.join(', ')}`);
}

function translated(config: CoreConfig): EngineOptions {
  const { refresh_token_validity: minutes, password_reset_token_lifetime: resetMs } = config;
  return {
    accessTokenLifetimeSeconds: config.access_token_validity,
    refreshTokenLifetimeSeconds: minutes === undefined ? undefined : Math.max(1, Math.round(minutes * 60)),
    signingKeyLifetimeHours:
      config.access_token_signing_key_dynamic === false
        ? signingKeyLifetimeHours.max
        : config.access_token_dynamic_signing_key_update_interval,
    refreshGraceSeconds: config.refresh_token_rotation_grace_period,
    passwordResetTokenLifetimeSeconds: resetMs === undefined ? undefined : Math.max(1, Math.round(resetMs / 1000)),
  };
}

function withoutUndefined(options: EngineOptions): EngineOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
