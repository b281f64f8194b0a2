import { isPublicAsciiAddress } from '../../core/email-address.js';

const MIN_PASSWORD_LENGTH = 8;
const MAX_PASSWORD_LENGTH = 100;

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

/** @returns what is wrong, in words for the user, or undefined */
export function validatePassword(value: string): string | undefined {
  if (value.length < MIN_PASSWORD_LENGTH) return 'Password must contain at least 8 characters, including a number';
  if (value.length >= MAX_PASSWORD_LENGTH) return "Password's length must be lesser than 100 characters";
  if (!/[A-Za-z]/.test(value)) return 'Password must contain at least one alphabet';
  if (!/[0-9]/.test(value)) return 'Password must contain at least one number';
  return undefined;
}
