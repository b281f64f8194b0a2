import { z } from 'zod';
import { checkOptions } from '../../core/check-options.js';
import type { EmailPasswordOptions } from '../email-password/index.js';
import type { ThirdPartyOptions } from '../third-party/index.js';

/** The options of EmailPasswordRecipe and of ThirdPartyRecipe. */
export interface ThirdPartyEmailPasswordOptions extends EmailPasswordOptions, ThirdPartyOptions {}

/** The options of each part, as they are given; it checks them itself. */
export interface ThirdPartyEmailPasswordConfig {
  emailPassword: EmailPasswordOptions;
  thirdParty: ThirdPartyOptions;
}

/**
 * The part that receives an unknown option reports it.
 * @throws {ConfigurationError}
 */
export function splitOptions(options: ThirdPartyEmailPasswordOptions): ThirdPartyEmailPasswordConfig {
  checkOptions('ThirdPartyEmailPasswordRecipe.init', z.looseObject({}, 'an object'), options);
  const { signUpFeature, resetPasswordUsingTokenFeature, ...thirdParty } = options;
  return { emailPassword: { signUpFeature, resetPasswordUsingTokenFeature }, thirdParty };
}

/** The token of the options, `ThirdPartyEmailPasswordConfig`. */
export const THIRD_PARTY_EMAIL_PASSWORD_CONFIG = Symbol('latchkey.third-party-email-password.config');

/** What the classes of the parts do by themselves: see `baseMethods`. */
export const EMAIL_PASSWORD_BASE_API = Symbol('latchkey.third-party-email-password.email-password-base-api');
export const EMAIL_PASSWORD_BASE_FUNCTIONS = Symbol('latchkey.third-party-email-password.email-password-base');
export const THIRD_PARTY_BASE_API = Symbol('latchkey.third-party-email-password.third-party-base-api');
export const THIRD_PARTY_BASE_FUNCTIONS = Symbol('latchkey.third-party-email-password.third-party-base');
