import { AuthError, type AuthErrorOptions } from '../../core/auth.error.js';
import type { ClaimValidationError } from '../../claims/session-claim.js';

/** There is no session. 401 by default. */
export class UnauthorisedError extends AuthError {
  declare readonly code: 'UNAUTHORISED';
  readonly clearTokens: boolean;

  /** @param options.clearTokens whether the client's tokens are removed; true by default */
  constructor(message = 'unauthorised', options: AuthErrorOptions & { clearTokens?: boolean } = {}) {
    super('UNAUTHORISED', message, options);
    this.clearTokens = options.clearTokens ?? true;
  }
}

/** For what an override returns without a session: nobody said that the client's tokens are bad. */
export function noSession(): UnauthorisedError {
  return new UnauthorisedError('Session does not exist', { clearTokens: false });
}

/** The access token is no longer good, the refresh token may be: the client refreshes and tries again. */
export class TryRefreshTokenError extends AuthError {
  declare readonly code: 'TRY_REFRESH_TOKEN';

  constructor(message = 'try refresh token', options?: AuthErrorOptions) {
    super('TRY_REFRESH_TOKEN', message, options);
  }
}

/** A spent refresh token came back: it was stolen, or its successor was. The session is revoked already. */
export class TokenTheftDetectedError extends AuthError {
  declare readonly code: 'TOKEN_THEFT_DETECTED';

  constructor(
    readonly sessionHandle: string,
    readonly userId: string,
    readonly recipeUserId: string,
  ) {
    super('TOKEN_THEFT_DETECTED', 'token theft detected', { detail: `session ${sessionHandle}` });
  }
}

/** The session is good, but does not meet the requirements of the route. 403 by default. */
export class InvalidClaimsError extends AuthError {
  declare readonly code: 'INVALID_CLAIMS';

  constructor(readonly claimValidationErrors: ClaimValidationError[]) {
    super('INVALID_CLAIMS', 'invalid claim', { detail: claimValidationErrors.map(({ id }) => id).join(', ') });
  }
}

/** The browser sent several session cookies of one name, left from another cookie domain. */
export class MultipleSessionCookiesError extends AuthError {
  declare readonly code: 'MULTIPLE_SESSION_COOKIES';

  /** @param cleared whether the older ones are removed by this answer */
  constructor(readonly cleared: boolean) {
    super(
      'MULTIPLE_SESSION_COOKIES',
      `The request contains multiple session cookies. ${
        cleared
          ? 'Those of the older domain are cleared; please refresh again.'
          : "If cookieDomain has changed, give its former value as olderCookieDomain in SessionRecipe.init ('' where " +
            'there was none).'
      }`,
    );
  }
}
