import { z } from 'zod';
import { anythingSchema, checkOptions } from '../../core/check-options.js';
import type { NormalisedAppInfo } from '../../http/app-info.js';

/** The options of `UserMetadataRecipe.init`. */
export interface UserMetadataOptions {
  /** How large the metadata of one user may become, in bytes of JSON. @default 65536 */
  maxMetadataBytes?: number;
}

/** The options with their defaults. */
export type UserMetadataConfig = Required<UserMetadataOptions>;

const DEFAULT_MAX_METADATA_BYTES = 65_536;

const userMetadataOptionsSchema = z.strictObject(
  {
    maxMetadataBytes: z
      .int('a number of bytes')
      .min(2, 'at least 2 bytes')
      .max(1_048_576, 'at most 1048576 bytes')
      .optional(),
    override: anythingSchema().optional(),
  },
  '{ maxMetadataBytes }',
);

/** @throws {ConfigurationError} */
export function normaliseUserMetadataOptions(
  input: UserMetadataOptions,
  _appInfo: NormalisedAppInfo,
): UserMetadataConfig {
  checkOptions<unknown>('UserMetadataRecipe.init', userMetadataOptionsSchema, input);
  return { maxMetadataBytes: input.maxMetadataBytes ?? DEFAULT_MAX_METADATA_BYTES };
}

/** The token of the normalised options, `UserMetadataConfig`. */
export const USER_METADATA_CONFIG = Symbol('latchkey.user-metadata.config');
