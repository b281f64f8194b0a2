import {
  AuthError,
  type BadInputError,
  type ConfigurationError,
  type OverloadedError,
  type SessionRefusedError,
  type StorageUnavailableError,
  type FactorNotAllowedError,
  type TooManyAttemptsError,
  type UnknownTenantError,
} from './core/auth.error.js';
import type { ForeignOriginError } from './http/foreign-origin.error.js';
import type { OverrideError } from './http/override.error.js';
import type { OwnResponseSentError } from './http/own-response-sent.error.js';
import type { DashboardRefusedError } from './recipes/dashboard/index.js';
import type {
  InvalidClaimsError,
  MultipleSessionCookiesError,
  TokenTheftDetectedError,
  TryRefreshTokenError,
  UnauthorisedError,
} from './recipes/session/index.js';
import type { ProviderRefusedError, ProviderUnavailableError } from './recipes/third-party/index.js';

/** Every error of Latchkey. `code` tells them apart, so that a `switch` over it narrows the type. */
export type KnownAuthError =
  | BadInputError
  | ConfigurationError
  | DashboardRefusedError
  | ForeignOriginError
  | InvalidClaimsError
  | MultipleSessionCookiesError
  | OverloadedError
  | OverrideError
  | OwnResponseSentError
  | ProviderRefusedError
  | ProviderUnavailableError
  | SessionRefusedError
  | StorageUnavailableError
  | TokenTheftDetectedError
  | TooManyAttemptsError
  | TryRefreshTokenError
  | UnauthorisedError
  | FactorNotAllowedError
  | UnknownTenantError;

/**
 * Whether Latchkey threw `error`, in an exception filter of the application for instance. A recipe from outside may bring
 * classes of its own, so a `switch` over `error.code` needs a `default`.
 */
export function isAuthError(error: unknown): error is KnownAuthError {
  return error instanceof AuthError;
}
