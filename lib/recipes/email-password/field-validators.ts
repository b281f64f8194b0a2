/** RFC 5321 §4.5.3.1: an address longer than this cannot be delivered to. */
const MAX_EMAIL_LENGTH = 254;
const MAX_LOCAL_PART_LENGTH = 64;
const MIN_PASSWORD_LENGTH = 8;
const MAX_PASSWORD_LENGTH = 100;

/**
 * ASCII only: with other letters two addresses that look alike would be two accounts. An application that
 * wants them gives a validator of its own.
 */
const EMAIL =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;

/** @returns what is wrong, in words for the user, or undefined */
export function validateEmail(value: string): string | undefined {
  const email = value.trim();
  const isValid = email.length <= MAX_EMAIL_LENGTH && email.indexOf('@') <= MAX_LOCAL_PART_LENGTH && EMAIL.test(email);
  return isValid ? undefined : 'Email is invalid';
}

/** @returns what is wrong, in words for the user, or undefined */
export function validatePassword(value: string): string | undefined {
  if (value.length < MIN_PASSWORD_LENGTH) return 'Password must contain at least 8 characters, including a number';
  if (value.length >= MAX_PASSWORD_LENGTH) return "Password's length must be lesser than 100 characters";
  if (!/[A-Za-z]/.test(value)) return 'Password must contain at least one alphabet';
  if (!/[0-9]/.test(value)) return 'Password must contain at least one number';
  return undefined;
}
