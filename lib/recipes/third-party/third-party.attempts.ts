import type { AttemptAction } from '../../http/attempt-action.js';

declare module '../../http/attempt-action.js' {
  interface AttemptActions {
    providerSignIn: true;
  }
}

/** Where the numbers come from: docs/guides/attempt-limits.md. */
export const thirdPartyAttempts = {
  providerSignIn: { address: [{ attempts: 100, seconds: 600 }], forgivesSuccess: true },
} satisfies Record<string, AttemptAction>;
