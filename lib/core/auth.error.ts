/** Every way in which Latchkey interrupts a call. Stable: applications may switch over it. */
export const AUTH_ERROR_CODES = [
  'BAD_INPUT',
  'CONFIGURATION',
  'DASHBOARD_REFUSED',
  'FACTOR_NOT_ALLOWED',
  'FOREIGN_ORIGIN',
  'INVALID_CLAIMS',
  'MULTIPLE_SESSION_COOKIES',
  'OVERLOADED',
  'OVERRIDE',
  'OWN_RESPONSE_SENT',
  'PROVIDER_REFUSED',
  'PROVIDER_UNAVAILABLE',
  'SESSION_REFUSED',
  'STORAGE_UNAVAILABLE',
  'TOKEN_THEFT_DETECTED',
  'TOO_MANY_ATTEMPTS',
  'TRY_REFRESH_TOKEN',
  'UNAUTHORISED',
  'UNKNOWN_TENANT',
] as const;

/** The code of an `AuthError`: stable, so that applications may switch over it. */
export type AuthErrorCode = (typeof AUTH_ERROR_CODES)[number];

/** What an `AuthError` is made with, beside its code. */
export interface AuthErrorOptions {
  /** For the log only: never sent to a client. */
  detail?: string;
  /** The error behind it, for the log only. */
  cause?: unknown;
}

/**
 * What interrupts instead of being answered: `code` is stable, `publicMessage` may be shown to the
 * client, `detail` is for the log. The exception filter in `lib/http` turns it into the wire's answer.
 */
export class AuthError extends Error {
  readonly detail: string | undefined;

  constructor(
    readonly code: AuthErrorCode,
    readonly publicMessage: string,
    options: AuthErrorOptions = {},
  ) {
    super(options.detail === undefined ? publicMessage : `${publicMessage}: ${options.detail}`, {
      cause: options.cause,
    });
    this.name = new.target.name;
    this.detail = options.detail;
  }
}

/** The request cannot be understood: 400 with the message. */
export class BadInputError extends AuthError {
  declare readonly code: 'BAD_INPUT';

  constructor(publicMessage: string, options?: AuthErrorOptions) {
    super('BAD_INPUT', publicMessage, options);
  }
}

/** A wrong option, found at boot. The message names the option, its value and the fix. */
export class ConfigurationError extends AuthError {
  declare readonly code: 'CONFIGURATION';

  constructor(message: string, options?: AuthErrorOptions) {
    super('CONFIGURATION', message, options);
  }
}

/** No tenant of that id exists in this app: 400. */
export class UnknownTenantError extends AuthError {
  declare readonly code: 'UNKNOWN_TENANT';

  constructor(tenantId: string) {
    super('UNKNOWN_TENANT', `Unknown tenant: ${tenantId}`);
  }
}

/** The tenant does not let its users sign in this way: 403, and on our own routes an error that is shown to them. */
export class FactorNotAllowedError extends AuthError {
  declare readonly code: 'FACTOR_NOT_ALLOWED';

  constructor(
    /** Such as `emailpassword`. */
    readonly factorId: string,
  ) {
    super('FACTOR_NOT_ALLOWED', `The login method ${factorId} is not enabled for the tenant`);
  }
}

/**
 * `UNKNOWN_USER`: no user has the id. `NOT_IN_TENANT`: the user, or that login method, is not in the tenant.
 * `CREDENTIALS_CHANGED`: the password is no longer the one that was verified.
 */
export type SessionRefusal = 'UNKNOWN_USER' | 'NOT_IN_TENANT' | 'CREDENTIALS_CHANGED';

const REFUSAL_DETAILS: Record<SessionRefusal, string> = {
  UNKNOWN_USER:
    'no user has the id. Pass allowUnknownUser: true, or set it in SessionRecipe.init, where the application keeps users elsewhere',
  NOT_IN_TENANT: 'the login method does not belong to that user and tenant',
  CREDENTIALS_CHANGED: 'the password was changed after it was verified',
};

/** The session may not be made, or no longer, for the reason in `reason`: 400. */
export class SessionRefusedError extends AuthError {
  declare readonly code: 'SESSION_REFUSED';

  constructor(
    readonly reason: SessionRefusal,
    { recipeUserId, tenantId }: { recipeUserId: string; tenantId: string },
  ) {
    super('SESSION_REFUSED', 'This user cannot be signed in', {
      detail: `${REFUSAL_DETAILS[reason]} (${recipeUserId}, tenant ${tenantId})`,
    });
  }
}

/** Somebody made too many attempts, alone or with others: 429, and on our own routes an error that is shown to them. */
export class TooManyAttemptsError extends AuthError {
  declare readonly code: 'TOO_MANY_ATTEMPTS';
  /** What was attempted, such as `signIn`. */
  readonly action: string;
  /** When to come back, in seconds from now. */
  readonly retryAfterSeconds: number;

  constructor(
    publicMessage: string,
    refused: { action: string; retryAfterSeconds: number },
    options?: AuthErrorOptions,
  ) {
    super('TOO_MANY_ATTEMPTS', publicMessage, options);
    this.action = refused.action;
    this.retryAfterSeconds = refused.retryAfterSeconds;
  }
}

/** The process has more work than it can do just now, and did not begin this: 503, safe to try again after `Retry-After`. */
export class OverloadedError extends AuthError {
  declare readonly code: 'OVERLOADED';

  constructor(options?: AuthErrorOptions) {
    super('OVERLOADED', 'The service is busy. Please try again.', options);
  }
}

/** The database did not answer in time or is gone: 503, safe to try again. */
export class StorageUnavailableError extends AuthError {
  declare readonly code: 'STORAGE_UNAVAILABLE';

  constructor(options?: AuthErrorOptions) {
    super('STORAGE_UNAVAILABLE', 'The service is temporarily unavailable. Please try again.', options);
  }
}
