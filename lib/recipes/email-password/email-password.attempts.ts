import type { AttemptAction } from '../../http/attempt-action.js';

declare module '../../http/attempt-action.js' {
  interface AttemptActions {
    signIn: true;
    signUp: true;
    emailExists: true;
    passwordResetMail: true;
    passwordReset: true;
    formerPassword: true;
  }
}

const MINUTES = 60;
const HOUR = 60 * MINUTES;
const YEAR = 365 * 24 * HOUR;

/** Where the numbers come from: docs/guides/attempt-limits.md. */
export const emailPasswordAttempts = {
  signIn: {
    account: [
      { attempts: 10, seconds: 10 * MINUTES },
      // NIST SP 800-63B-4 §3.2.2: no more than 100 failures in a row.
      { attempts: 100, seconds: YEAR },
    ],
    address: [{ attempts: 100, seconds: 10 * MINUTES }],
    forgivesSuccess: true,
  },
  signUp: { address: [{ attempts: 200, seconds: HOUR }] },
  emailExists: { address: [{ attempts: 200, seconds: 10 * MINUTES }] },
  passwordResetMail: {
    account: [{ attempts: 5, seconds: HOUR }],
    address: [{ attempts: 100, seconds: HOUR }],
  },
  passwordReset: { address: [{ attempts: 100, seconds: 10 * MINUTES }], forgivesSuccess: true },
  formerPassword: { account: [{ attempts: 10, seconds: HOUR }] },
} satisfies Record<string, AttemptAction>;
