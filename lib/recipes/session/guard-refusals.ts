import { HttpException } from '@nestjs/common';
import { AuthError, type AuthErrorCode } from '../../core/auth.error.js';

/** What a guard threw; undefined where it returned false. */
export type Refusal = { error: unknown } | undefined;

const OF_SESSIONS: ReadonlySet<AuthErrorCode> = new Set([
  'UNAUTHORISED',
  'TRY_REFRESH_TOKEN',
  'TOKEN_THEFT_DETECTED',
  'INVALID_CLAIMS',
  'MULTIPLE_SESSION_COOKIES',
]);

/**
 * Of several guards' refusals, the one to answer. Clients act by those of sessions: they refresh, or ask for a sign-in; what
 * other guards say is for people to read. A failure must not look like missing credentials, unless a refresh comes first.
 */
export function mostTelling(refusals: readonly Refusal[]): Refusal {
  return (
    refusals.find((refusal) => codeOf(refusal) === 'TRY_REFRESH_TOKEN') ??
    refusals.find(isFailure) ??
    refusals.find(isOfSessions) ??
    refusals[0]
  );
}

function isOfSessions(refusal: Refusal): boolean {
  const code = codeOf(refusal);
  return code !== undefined && OF_SESSIONS.has(code);
}

function isFailure(refusal: Refusal): boolean {
  if (refusal === undefined || isOfSessions(refusal)) return false;
  return !(refusal.error instanceof HttpException && refusal.error.getStatus() < 500);
}

function codeOf(refusal: Refusal): AuthErrorCode | undefined {
  return refusal?.error instanceof AuthError ? refusal.error.code : undefined;
}
