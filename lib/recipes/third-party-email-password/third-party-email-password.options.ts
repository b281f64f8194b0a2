import { z } from 'zod';
import { checkOptions } from '../../config/check-options.js';
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
 * An option that is none is found by the part it is given to.
 * @throws {ConfigurationError}
 */
export function splitOptions(options: ThirdPartyEmailPasswordOptions): ThirdPartyEmailPasswordConfig {
  checkOptions('ThirdPartyEmailPasswordRecipe.init', z.looseObject({}, 'an object'), options);
  const { signUpFeature, resetPasswordUsingTokenFeature, ...thirdParty } = options;
  return { emailPassword: { signUpFeature, resetPasswordUsingTokenFeature }, thirdParty };
}
