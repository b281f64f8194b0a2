import type { AuthError, AuthErrorCode } from '../core/auth.error.js';

/** What clients look at, as Apollo and Nest name it under GraphQL; the same on every transport. */
export type TransportRefusalCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'TOO_MANY_REQUESTS'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/** An `AuthError` as the client of any transport but plain HTTP is told of it. */
export interface TransportRefusal {
  code: TransportRefusalCode;
  /**
   * The `code` of the error. With `TRY_REFRESH_TOKEN` the client refreshes and tries again, with `UNAUTHORISED` it has to sign
   * in. Undefined where the client can do nothing.
   */
  reason?: AuthErrorCode;
  /** The words of the HTTP answer. */
  message: string;
  /** The status of the HTTP answer. */
  statusCode: number;
  /** The rest of the HTTP answer, such as `claimValidationErrors`. */
  details: Readonly<Record<string, unknown>>;
}

/** Whatever status the application has chosen for them. */
const BY_REASON: Partial<Record<AuthErrorCode, TransportRefusalCode>> = {
  UNAUTHORISED: 'UNAUTHENTICATED',
  TRY_REFRESH_TOKEN: 'UNAUTHENTICATED',
  TOKEN_THEFT_DETECTED: 'UNAUTHENTICATED',
  INVALID_CLAIMS: 'FORBIDDEN',
};

const BY_STATUS: Readonly<Record<number, TransportRefusalCode>> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
};

/** @param content the body of the HTTP answer */
export function refusalOf(error: AuthError, statusCode: number, content: unknown): TransportRefusal {
  const body = typeof content === 'object' && content !== null ? content : {};
  const { message = 'Internal server error', ...details } = body as { message?: string };
  const code = BY_REASON[error.code] ?? BY_STATUS[statusCode] ?? 'INTERNAL_SERVER_ERROR';
  const reason = code === 'INTERNAL_SERVER_ERROR' ? undefined : error.code;
  return { code, ...(reason && { reason }), message, statusCode, details };
}
