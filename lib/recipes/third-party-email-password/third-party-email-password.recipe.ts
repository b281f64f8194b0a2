import type { InjectionToken, Provider, Type } from '@nestjs/common';
import { baseMethods } from '../../override/base-methods.js';
import { EmailPasswordApi, EmailPasswordFunctions, EmailPasswordRecipe } from '../email-password/index.js';
import { builtInRecipe } from '../define-recipe.js';
import { ThirdPartyApi, ThirdPartyFunctions, ThirdPartyRecipe } from '../third-party/index.js';
import { EmailPasswordPartApi, ThirdPartyPartApi, WholeApi } from './part-apis.js';
import { EmailPasswordPartFunctions, ThirdPartyPartFunctions } from './part-functions.js';
import { ThirdPartyEmailPasswordApi } from './third-party-email-password.api.js';
import { ThirdPartyEmailPasswordFunctions } from './third-party-email-password.functions.js';
import {
  splitOptions,
  type ThirdPartyEmailPasswordConfig,
  EMAIL_PASSWORD_BASE_API,
  EMAIL_PASSWORD_BASE_FUNCTIONS,
  THIRD_PARTY_BASE_API,
  THIRD_PARTY_BASE_FUNCTIONS,
  THIRD_PARTY_EMAIL_PASSWORD_CONFIG,
} from './third-party-email-password.options.js';

const emailPassword = EmailPasswordRecipe.initAsync({
  inject: [THIRD_PARTY_EMAIL_PASSWORD_CONFIG],
  useFactory: (config: ThirdPartyEmailPasswordConfig) => config.emailPassword,
  override: { apis: EmailPasswordPartApi, functions: EmailPasswordPartFunctions },
});

const thirdParty = ThirdPartyRecipe.initAsync({
  inject: [THIRD_PARTY_EMAIL_PASSWORD_CONFIG],
  useFactory: (config: ThirdPartyEmailPasswordConfig) => config.thirdParty,
  override: { apis: ThirdPartyPartApi, functions: ThirdPartyPartFunctions },
});

declare module '../recipe.js' {
  interface RecipeIds {
    thirdpartyemailpassword: true;
  }
}

/** EmailPassword and ThirdParty in one, where one method of the API sees every way in. It takes the place of both. */
export const ThirdPartyEmailPasswordRecipe = builtInRecipe({
  id: 'thirdpartyemailpassword',
  name: 'ThirdPartyEmailPasswordRecipe',
  api: ThirdPartyEmailPasswordApi,
  functions: ThirdPartyEmailPasswordFunctions,
  routes: {},
  parts: [
    {
      recipe: emailPassword,
      routes: {
        emailExistsGET: 'emailExistsGET',
        signUpPOST: 'signInUpPOST',
        signInPOST: 'signInUpPOST',
        generatePasswordResetTokenPOST: 'generatePasswordResetTokenPOST',
        passwordResetPOST: 'passwordResetPOST',
      },
    },
    {
      recipe: thirdParty,
      routes: {
        authorisationUrlGET: 'authorisationUrlGET',
        signInUpPOST: 'signInUpPOST',
        appleRedirectHandlerPOST: 'appleRedirectHandlerPOST',
        loginMethodsGET: 'loginMethodsGET',
      },
    },
  ],
  config: THIRD_PARTY_EMAIL_PASSWORD_CONFIG,
  normalise: splitOptions,
  needs: ['session'],
  providers: [
    WholeApi,
    base(EMAIL_PASSWORD_BASE_API, EmailPasswordApi),
    base(EMAIL_PASSWORD_BASE_FUNCTIONS, EmailPasswordFunctions),
    base(THIRD_PARTY_BASE_API, ThirdPartyApi),
    base(THIRD_PARTY_BASE_FUNCTIONS, ThirdPartyFunctions),
  ],
});

function base<T extends object>(token: InjectionToken, Base: Type<T>): Provider {
  return { provide: token, inject: [Base], useFactory: (instance: T) => baseMethods(Base, instance) };
}
