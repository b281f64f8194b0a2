import { z } from 'zod';
import { checkOptions } from '../core/check-options.js';
import { type BreachedPasswordsOptions, normaliseBreachedPasswords } from './breached-passwords.options.js';

/** What new passwords must be: `passwordRules` of `AuthModule.forRoot`. */
export interface PasswordRulesOptions {
  /**
   * In characters, that is code points, at least 8. NIST SP 800-63B-4 asks for 15 where the password is the only factor.
   * @default 8
   */
  minLength?: number;
  /** In characters, that is code points, at least 64. @default 128 */
  maxLength?: number;
  /** Whether the 20,000 most common passwords are refused. @default true */
  refuseCommon?: boolean;
  /** Whether passwords that hold the email or the name of the application are refused. @default true */
  refusePersonal?: boolean;
  /**
   * Whether passwords that are known from data breaches are refused, which asks another server about each: `true` for Have I Been
   * Pwned, or how it is asked.
   * @default false
   */
  breached?: boolean | BreachedPasswordsOptions;
  /**
   * How many of the latest passwords of an account, the one of now included, are refused in a reset and in a change, at most 24.
   * Their hashes are kept with the account from then on. Needs a core in this process.
   * @default 0
   */
  historyLength?: number;
}

/** The options with their defaults. */
export interface PasswordRulesConfig extends Required<Omit<PasswordRulesOptions, 'breached'>> {
  /** False does not ask. */
  breached: false | Pick<Required<BreachedPasswordsOptions>, 'whenUnavailable'>;
}

/** The token of the options with their defaults, `PasswordRulesConfig`. */
export const PASSWORD_RULES_CONFIG = Symbol('latchkey.password-rules.config');

/** The token of the options as they were given, `PasswordRulesOptions`. */
export const PASSWORD_RULES_OPTIONS = Symbol('latchkey.password-rules.options');

/** ASVS 5.0 6.2.1, and NIST SP 800-63B-4 §3.1.1.2 with a second factor. */
const LEAST_MIN_LENGTH = 8;
/** NIST SP 800-63B-4 §3.1.1.2 and ASVS 5.0 6.2.9 want at least 64 to be taken. */
const LEAST_MAX_LENGTH = 64;
/** Form fields are no longer than 10,000. */
const MAX_MAX_LENGTH = 4096;

/** Each costs a hash when a password is judged. */
const MAX_HISTORY = 24;

const HISTORY = `a whole number of passwords from 0 to ${MAX_HISTORY}`;
const MIN_LENGTH = `a whole number of characters from ${LEAST_MIN_LENGTH} to ${LEAST_MAX_LENGTH}`;
const MAX_LENGTH = `a whole number of characters from ${LEAST_MAX_LENGTH} to ${MAX_MAX_LENGTH}`;
const BREACHED = 'true, false or { url, timeoutMs, whenUnavailable, client }';
const YES_OR_NO = 'true or false';

const optionsSchema = z.strictObject(
  {
    minLength: z.int(MIN_LENGTH).min(LEAST_MIN_LENGTH, MIN_LENGTH).max(LEAST_MAX_LENGTH, MIN_LENGTH).optional(),
    maxLength: z.int(MAX_LENGTH).min(LEAST_MAX_LENGTH, MAX_LENGTH).max(MAX_MAX_LENGTH, MAX_LENGTH).optional(),
    refuseCommon: z.boolean(YES_OR_NO).optional(),
    refusePersonal: z.boolean(YES_OR_NO).optional(),
    historyLength: z.int(HISTORY).min(0, HISTORY).max(MAX_HISTORY, HISTORY).optional(),
    breached: z.union([z.boolean(), z.looseObject({})], BREACHED).optional(),
  },
  '{ minLength, maxLength, refuseCommon, refusePersonal, breached, historyLength }',
);

/** @throws {ConfigurationError} */
export function normalisePasswordRules(input: PasswordRulesOptions): PasswordRulesConfig {
  const options = checkOptions('AuthModule passwordRules', optionsSchema, input) as PasswordRulesOptions;
  const {
    minLength = 8,
    maxLength = 128,
    refuseCommon = true,
    refusePersonal = true,
    breached = false,
    historyLength = 0,
  } = options;
  const { whenUnavailable } = normaliseBreachedPasswords(breached);
  return {
    minLength,
    maxLength,
    refuseCommon,
    refusePersonal,
    historyLength,
    breached: breached === false ? false : { whenUnavailable },
  };
}
