import type { AttemptAction } from '../../http/attempt-action.js';

declare module '../../http/attempt-action.js' {
  interface AttemptActions {
    refresh: true;
  }
}

/** Where the numbers come from: docs/guides/attempt-limits.md. */
export const sessionAttempts = {
  refresh: { address: [{ attempts: 300, seconds: 600 }] },
} satisfies Record<string, AttemptAction>;
