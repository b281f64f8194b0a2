import type { AttemptAction } from '../../http/attempt-action.js';

declare module '../../http/attempt-action.js' {
  interface AttemptActions {
    verificationMail: true;
    emailVerification: true;
  }
}

const MINUTES = 60;
const HOUR = 60 * MINUTES;

/** Where the numbers come from: docs/guides/attempt-limits.md. */
export const emailVerificationAttempts = {
  verificationMail: {
    account: [{ attempts: 5, seconds: HOUR }],
    address: [{ attempts: 100, seconds: HOUR }],
  },
  emailVerification: { address: [{ attempts: 100, seconds: 10 * MINUTES }], forgivesSuccess: true },
} satisfies Record<string, AttemptAction>;
