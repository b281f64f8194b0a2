import { z } from 'zod';
import { checkOptions } from '../config/check-options.js';
import { ConfigurationError } from './auth.error.js';
import type { EmbeddedCoreOptions } from './embedded/embedded-core.options.js';

/** Which core keeps the data. */
export type CoreOptions = EmbeddedCoreOptions;

const whole = (min: number, max: number, unit: string) => {
  const expected = `a whole number of ${unit} from ${min} to ${max}`;
  return z.int(expected).min(min, expected).max(max, expected);
};

const DAY_SECONDS = 86_400;

const coreOptionsSchema = z.strictObject(
  {
    sqlite: z.string("a file path such as 'auth.sqlite'").min(1, "a file path such as 'auth.sqlite'"),
    accessTokenLifetimeSeconds: whole(1, 365 * DAY_SECONDS, 'seconds').optional(),
    refreshTokenLifetimeSeconds: whole(1, 10 * 365 * DAY_SECONDS, 'seconds').optional(),
    refreshGraceSeconds: whole(0, 300, 'seconds').optional(),
    signingKeyLifetimeHours: z
      .number('a number of hours greater than 0')
      .positive('a number of hours greater than 0')
      .max(24 * 365 * 10, 'a number of hours of at most 10 years')
      .optional(),
    passwordResetTokenLifetimeSeconds: whole(60, 30 * DAY_SECONDS, 'seconds').optional(),
    passwordHashing: z
      .strictObject(
        {
          // RFC 9106 §3.1: at least 8 KiB for each lane.
          memoryCostKiB: whole(8, 4_194_304, 'kibibytes').optional(),
          timeCost: whole(1, 100, 'passes').optional(),
          parallelism: whole(1, 255, 'lanes').optional(),
        },
        '{ memoryCostKiB, timeCost, parallelism }',
      )
      .optional(),
  },
  "{ sqlite: 'auth.sqlite' }",
);

/** @throws {ConfigurationError} */
export function checkCoreOptions(options: CoreOptions): CoreOptions {
  for (const planned of ['postgres', 'connectionURI']) {
    if (planned in options) {
      throw new ConfigurationError(
        `AuthModule core: option ${planned} is not available in this version. Give { sqlite: 'auth.sqlite' }.`,
      );
    }
  }
  const checked = checkOptions('AuthModule core', coreOptionsSchema, options) as CoreOptions;
  const { accessTokenLifetimeSeconds = 3600, refreshTokenLifetimeSeconds = 8_640_000 } = checked;
  if (refreshTokenLifetimeSeconds < accessTokenLifetimeSeconds) {
    throw new ConfigurationError(
      `AuthModule core: option refreshTokenLifetimeSeconds is ${refreshTokenLifetimeSeconds}, shorter than ` +
        `accessTokenLifetimeSeconds, which is ${accessTokenLifetimeSeconds}. Give a longer one.`,
    );
  }
  return checked;
}
