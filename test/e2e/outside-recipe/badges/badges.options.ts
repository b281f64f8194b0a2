import type { NormalisedAppInfo } from 'latchkey';
import { ConfigurationError } from 'latchkey';

export interface BadgesOptions {
  /** The colours a badge may have. @default red, green and blue */
  colours?: string[];
}

export type BadgesConfig = Required<BadgesOptions>;

/** The token of the options with their defaults. */
export const BADGES_CONFIG = Symbol('badges.config');

/** @throws {ConfigurationError} */
export function normaliseBadgesOptions({ colours }: BadgesOptions, _appInfo: NormalisedAppInfo): BadgesConfig {
  if (colours?.length === 0) {
    throw new ConfigurationError('BadgesRecipe.init: option colours is empty. Give at least one colour.');
  }
  return { colours: colours ?? ['red', 'green', 'blue'] };
}
