import type { EngineOptions } from './embedded-core.options.js';

const DAY_SECONDS = 86_400;

/** From and to, in whole seconds: the same wherever these options come from. */
export const ENGINE_RANGES = {
  accessTokenLifetimeSeconds: [1, 365 * DAY_SECONDS],
  refreshTokenLifetimeSeconds: [1, 10 * 365 * DAY_SECONDS],
  refreshGraceSeconds: [0, 300],
  passwordResetTokenLifetimeSeconds: [60, 30 * DAY_SECONDS],
  emailVerificationTokenLifetimeSeconds: [60, 30 * DAY_SECONDS],
} as const satisfies Partial<Record<keyof EngineOptions, readonly [number, number]>>;

export const MAX_SIGNING_KEY_LIFETIME_HOURS = 24 * 365 * 10;

/** @returns what is wrong with lifetimes that are each in their range */
export function lifetimesMistake({
  accessTokenLifetimeSeconds = 3600,
  refreshTokenLifetimeSeconds = 8_640_000,
}: EngineOptions): string | undefined {
  if (refreshTokenLifetimeSeconds >= accessTokenLifetimeSeconds) return undefined;
  return (
    `option refreshTokenLifetimeSeconds is ${refreshTokenLifetimeSeconds}, shorter than ` +
    `accessTokenLifetimeSeconds, which is ${accessTokenLifetimeSeconds}. Give a longer one.`
  );
}
