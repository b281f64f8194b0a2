import { z } from 'zod';
import { checkOptions } from '../core/check-options.js';
import { ConfigurationError } from '../core/auth.error.js';
import { isProxyName, type TrustedProxies } from '../http/client-address.js';
import type { AttemptAction, AttemptActionName, AttemptRates } from '../http/attempt-action.js';

/** How attempts are limited: `attemptLimits` of `AuthModule.forRoot`. */
export interface AttemptLimitsOptions {
  /** Other rates than those that the recipes declare, by action; `false` for one without limits. */
  actions?: { readonly [Action in AttemptActionName]?: AttemptRates | false };
  /**
   * How who comes too often is answered on our routes: `GENERAL_ERROR`, whose message every client shows, or the status 429
   * with `Retry-After`. A refresh is always answered 429.
   * @default 'GENERAL_ERROR'
   */
  answer?: 'GENERAL_ERROR' | 429;
  /**
   * Who may say by `X-Forwarded-For` whom a request comes from: so many proxies before this process, or those of these
   * addresses, such as `['10.0.0.0/8', 'loopback']`.
   * @default as set in the framework: `trust proxy` of Express, `trustProxy` of Fastify
   */
  trustedProxies?: TrustedProxies;
  /**
   * How long a browser is known in which somebody has signed in, in days from the last time. At 0 no browser is.
   * @default 180
   */
  knownDeviceLifetimeDays?: number;
}

/** The options with their defaults and the actions of all recipes. */
export interface AttemptLimitsConfig {
  /** False counts nothing. */
  isEnabled: boolean;
  actions: ReadonlyMap<string, AttemptAction>;
  answer: 'GENERAL_ERROR' | 429;
  trustedProxies: TrustedProxies | undefined;
  knownDeviceLifetimeDays: number;
}

export const ATTEMPT_LIMITS_CONFIG = Symbol('latchkey.attempt-limits');

const TEN_YEARS_SECONDS = 315_360_000;
const ATTEMPTS = 'a whole number of attempts from 1 to 1000000';
const SECONDS = `seconds from 1 to ${TEN_YEARS_SECONDS}`;
const DAYS = 'whole days from 0 to 3650';
const PROXY = "an address such as '10.0.0.0/8', or 'loopback', 'linklocal' or 'uniquelocal'";
const PROXIES = "how many proxies there are, or a list of addresses such as '10.0.0.0/8' and 'loopback'";

const attemptRatesSchema = z
  .array(
    z.strictObject(
      {
        attempts: z.int(ATTEMPTS).min(1, ATTEMPTS).max(1_000_000, ATTEMPTS),
        seconds: z.number(SECONDS).min(1, SECONDS).max(TEN_YEARS_SECONDS, SECONDS),
      },
      '{ attempts, seconds }',
    ),
    'a list of rates, each { attempts, seconds }',
  )
  .optional();

const ratesShape = {
  account: attemptRatesSchema,
  device: attemptRatesSchema,
  address: attemptRatesSchema,
  tenant: attemptRatesSchema,
};

/** What a recipe may declare as an action. */
export const attemptActionSchema = z.strictObject(
  { ...ratesShape, forgivesSuccess: z.boolean('true or false').optional() },
  '{ account, device, address, tenant, forgivesSuccess }',
);

const optionsSchema = z.strictObject(
  {
    actions: z
      .record(
        z.string(),
        z.union(
          [z.literal(false), z.strictObject(ratesShape)],
          '{ account, device, address, tenant }, each a list of { attempts, seconds }, or false',
        ),
        'rates by the names of actions',
      )
      .optional(),
    answer: z.union([z.literal('GENERAL_ERROR'), z.literal(429)], "'GENERAL_ERROR' or 429").optional(),
    knownDeviceLifetimeDays: z.int(DAYS).min(0, DAYS).max(3650, DAYS).optional(),
    trustedProxies: z
      .union([z.int().min(0).max(100), z.array(z.string(PROXY).refine(isProxyName, PROXY))], PROXIES)
      .optional(),
  },
  '{ actions, answer, trustedProxies, knownDeviceLifetimeDays }',
);

/**
 * @param declared the actions of all recipes, by name
 * @throws {ConfigurationError}
 */
export function normaliseAttemptLimits(
  options: AttemptLimitsOptions | false,
  declared: ReadonlyMap<string, AttemptAction>,
): AttemptLimitsConfig {
  const {
    actions = {},
    answer = 'GENERAL_ERROR',
    trustedProxies,
    knownDeviceLifetimeDays = 180,
  } = checkOptions('AuthModule attemptLimits', optionsSchema, options === false ? {} : options) as AttemptLimitsOptions;
  const unknown = Object.keys(actions).find((name) => !declared.has(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `AuthModule attemptLimits: no recipe of recipeList has the action ${unknown}. Give actions of ` +
        `${[...declared.keys()].join(', ')}, or remove it.`,
    );
  }
  const merged = [...declared].map(([name, action]): [string, AttemptAction] => {
    const rates = actions[name];
    return [name, rates === false ? {} : { ...action, ...(rates as AttemptRates | undefined) }];
  });
  return { isEnabled: options !== false, actions: new Map(merged), answer, trustedProxies, knownDeviceLifetimeDays };
}
