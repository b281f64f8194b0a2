import { EmailPasswordCore } from '../../core/email-password.core.js';
import { UsersCore } from '../../core/users.core.js';
import {
  initRecipe,
  initRecipeAsync,
  type AsyncRecipeOptions,
  type Recipe,
  type RecipeDefinition,
  type RecipeOverride,
} from '../recipe.js';
import { EmailPasswordApi } from './email-password.api.js';
import { emailPasswordRoutes } from './email-password.controller.js';
import { EmailPasswordFunctions } from './email-password.functions.js';
import {
  normaliseEmailPasswordOptions,
  type EmailPasswordConfig,
  type EmailPasswordOptions,
} from './email-password.options.js';
import { EMAIL_PASSWORD_CONFIG } from './email-password.tokens.js';

const definition: RecipeDefinition<
  EmailPasswordApi,
  EmailPasswordFunctions,
  EmailPasswordOptions,
  EmailPasswordConfig
> = {
  id: 'emailpassword',
  name: 'EmailPasswordRecipe',
  api: EmailPasswordApi,
  functions: EmailPasswordFunctions,
  routes: emailPasswordRoutes,
  config: EMAIL_PASSWORD_CONFIG,
  normalise: normaliseEmailPasswordOptions,
  needs: ['session'],
  ports: [EmailPasswordCore, UsersCore],
  sendsEmailBy: 'generatePasswordResetTokenPOST',
  providers: [],
  exports: [],
};

/** Accounts with an email and a password. */
export class EmailPasswordRecipe {
  static init(
    options: EmailPasswordOptions & { override?: RecipeOverride<EmailPasswordApi, EmailPasswordFunctions> } = {},
  ): Recipe {
    return initRecipe(definition, options);
  }

  static initAsync(
    options: AsyncRecipeOptions<EmailPasswordApi, EmailPasswordFunctions, EmailPasswordOptions>,
  ): Recipe {
    return initRecipeAsync(definition, options);
  }
}
