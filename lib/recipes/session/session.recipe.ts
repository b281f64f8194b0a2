import { SessionsCore } from '../../core/sessions.core.js';
import { SigningKeysCore } from '../../core/signing-keys.core.js';
import {
  initRecipe,
  initRecipeAsync,
  type AsyncRecipeOptions,
  type Recipe,
  type RecipeDefinition,
  type RecipeOverride,
} from '../recipe.js';
import { SessionApi } from './session.api.js';
import { SessionClaims } from './session-claims.js';
import { sessionRoutes } from './session.routes.js';
import { SessionErrorAnswers } from './session-error-answers.js';
import { SessionFunctions } from './session.functions.js';
import { SessionGuard } from './session.guard.js';
import { normaliseSessionOptions, type SessionConfig, type SessionOptions, SESSION_CONFIG } from './session.options.js';
import { Sessions } from './sessions.js';
import { TokenTransfer } from './token-transfer.js';

const definition: RecipeDefinition<SessionApi, SessionFunctions, SessionOptions, SessionConfig> = {
  id: 'session',
  name: 'SessionRecipe',
  api: SessionApi,
  functions: SessionFunctions,
  routes: sessionRoutes,
  config: SESSION_CONFIG,
  normalise: normaliseSessionOptions,
  needs: [],
  ports: [SessionsCore, SigningKeysCore],
  providers: [TokenTransfer, SessionClaims, SessionErrorAnswers, Sessions, SessionGuard],
  exports: [SESSION_CONFIG, Sessions, SessionGuard, SessionClaims],
};

/** Sessions: tokens, their refresh, guards and claims. Every other recipe that signs users in needs it. */
export class SessionRecipe {
  static init(options: SessionOptions & { override?: RecipeOverride<SessionApi, SessionFunctions> } = {}): Recipe {
    return initRecipe(definition, options);
  }

  static initAsync(options: AsyncRecipeOptions<SessionApi, SessionFunctions, SessionOptions>): Recipe {
    return initRecipeAsync(definition, options);
  }
}
