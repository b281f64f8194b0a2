import { SessionsCore } from '../../core/sessions.core.js';
import { SigningKeysCore } from '../../core/signing-keys.core.js';
import { builtInRecipe } from '../define-recipe.js';
import { DescribedGuards } from './described-guards.js';
import { GuardedRoutes } from './guarded-routes.js';
import { SessionApi } from './session.api.js';
import { sessionAttempts } from './session.attempts.js';
import { DeviceCookie } from './device-cookie.js';
import { DeclaredClaims } from './declared-claims.js';
import { NamedRequirements } from './named-requirements.js';
import { RequirementCheck } from './requirement-check.js';
import { RotationCheck } from './rotation-check.js';
import { SessionAudience } from './session-audience.js';
import { SessionClaims } from './session-claims.js';
import { sessionRoutes } from './session.routes.js';
import { SessionErrorAnswers } from './session-error-answers.js';
import { SessionFunctions } from './session.functions.js';
import { SessionGuard } from './session.guard.js';
import { normaliseSessionOptions, SESSION_CONFIG } from './session.options.js';
import { Sessions } from './sessions.js';
import { SessionVerification } from './session-verification.js';
import { SessionVerifier } from './session-verifier.js';
import { SessionWatch } from './session-watch.js';
import { DoubledCookies } from './doubled-cookies.js';
import { SignedCookies } from './signed-cookies.js';
import { TokenNames } from './token-names.js';
import { TokenTransfer } from './token-transfer.js';

declare module '../recipe.js' {
  interface RecipeIds {
    session: true;
  }
}

/** Sessions: tokens, their refresh, guards and claims. Every other recipe that signs users in needs it. */
export const SessionRecipe = builtInRecipe({
  id: 'session',
  name: 'SessionRecipe',
  api: SessionApi,
  functions: SessionFunctions,
  routes: sessionRoutes,
  config: SESSION_CONFIG,
  normalise: normaliseSessionOptions,
  ports: [SessionsCore, SigningKeysCore],
  providers: [
    SessionAudience,
    TokenNames,
    TokenTransfer,
    DoubledCookies,
    SessionVerification,
    SignedCookies,
    DeviceCookie,
    SessionClaims,
    DeclaredClaims,
    SessionErrorAnswers,
    Sessions,
    NamedRequirements,
    SessionVerifier,
    SessionGuard,
    SessionWatch,
    GuardedRoutes,
    DescribedGuards,
    RequirementCheck,
    RotationCheck,
  ],
  attempts: sessionAttempts,
});
