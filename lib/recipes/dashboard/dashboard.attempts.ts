import type { AttemptAction } from '../../http/attempt-action.js';

declare module '../../http/attempt-action.js' {
  interface AttemptActions {
    dashboardSignIn: true;
    dashboardKey: true;
  }
}

const MINUTES = 60;
const YEAR = 31_536_000;

/** As of sign-ins of users: docs/guides/attempt-limits.md. */
export const dashboardAttempts = {
  dashboardSignIn: {
    account: [
      { attempts: 10, seconds: 10 * MINUTES },
      { attempts: 100, seconds: YEAR },
    ],
    address: [{ attempts: 50, seconds: 10 * MINUTES }],
    forgivesSuccess: true,
  },
  /** Requests with an API key or with the id of a session; those that come at once with a good one count until they are answered. */
  dashboardKey: { address: [{ attempts: 100, seconds: 10 * MINUTES }], forgivesSuccess: true },
} satisfies Record<string, AttemptAction>;
