import { z } from 'zod';
import { checkOptions, onFirstUse } from '../core/check-options.js';
import { isLoopbackHost } from '../core/loopback.js';

/** How passwords are compared with those of data breaches: `passwordRules.breached`. */
export interface BreachedPasswordsOptions {
  /**
   * Where ranges are asked for, by the first five digits of a SHA-1 hash behind it: Have I Been Pwned, or a mirror of it.
   * @default 'https://api.pwnedpasswords.com/range/'
   */
  url?: string;
  /** How long an answer may take, in milliseconds. @default 1000 */
  timeoutMs?: number;
  /** What becomes of a password while there is no answer. @default 'accept' */
  whenUnavailable?: 'accept' | 'refuse';
}

/** What `BreachedPasswords` needs of them. */
export type BreachedPasswordsConfig = Pick<Required<BreachedPasswordsOptions>, 'url' | 'timeoutMs'>;

/** The token of `BreachedPasswordsConfig`. */
export const BREACHED_PASSWORDS_CONFIG = Symbol('latchkey.breached-passwords.config');

const URL_FORM = 'an https address that ends with a slash, such as https://breaches.example.com/range/';
const TIMEOUT = 'whole milliseconds from 1 to 60000';

const optionsSchema = onFirstUse(() =>
  z.strictObject(
    {
      url: z.string(URL_FORM).refine(isRangeURL, URL_FORM).optional(),
      timeoutMs: z.int(TIMEOUT).min(1, TIMEOUT).max(60_000, TIMEOUT).optional(),
      whenUnavailable: z.enum(['accept', 'refuse'], "'accept' or 'refuse'").optional(),
    },
    '{ url, timeoutMs, whenUnavailable, client }',
  ),
);

/** @throws {ConfigurationError} */
export function normaliseBreachedPasswords(
  input: boolean | BreachedPasswordsOptions | undefined,
): Required<BreachedPasswordsOptions> {
  const options: BreachedPasswordsOptions =
    typeof input === 'object' ? checkOptions('AuthModule passwordRules.breached', optionsSchema(), input) : {};
  return { url: 'https://api.pwnedpasswords.com/range/', timeoutMs: 1000, whenUnavailable: 'accept', ...options };
}

/** Over http anybody on the way could say that a password is fine; a mirror on this machine has no way. */
function isRangeURL(text: string): boolean {
  if (!URL.canParse(text) || !text.endsWith('/')) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
