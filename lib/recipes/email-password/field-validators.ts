import { isPublicAsciiAddress } from '../../core/email-address.js';

/**
 * ASCII only: with other letters two addresses that look alike would be two accounts. An application that wants them
 * gives a validator of its own.
 *
 * @returns what is wrong, in words for the user, or undefined
 */
export function validateEmail(value: string): string | undefined {
  return isPublicAsciiAddress(value.trim()) ? undefined : 'Email is invalid';
}

/** For signing in: accounts of version 0.1.0 may have stray dots before the at sign, as in `a..b@example.com`. */
export function validateSignInEmail(value: string): string | undefined {
  const at = value.lastIndexOf('@');
  return validateEmail(`${value.slice(0, at).replaceAll('.', '_')}${value.slice(at)}`);
}
