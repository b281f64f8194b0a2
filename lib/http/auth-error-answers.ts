import { Injectable, Logger } from '@nestjs/common';
import { TooManyAttemptsError, type AuthError, type AuthErrorCode } from '../core/auth.error.js';
import { logLine, stackLines } from '../core/log-line.js';
import type { BaseRequest } from './base-request.js';
import type { BaseResponse } from './base-response.js';
import { retryAfterSeconds } from '../core/retry-after.js';

type AuthErrorAnswer<E extends AuthError = AuthError> = (
  error: E,
  request: BaseRequest,
  response: BaseResponse,
) => void | Promise<void>;

const STATUS_CODES: Partial<Record<AuthErrorCode, number>> = {
  BAD_INPUT: 400,
  FOREIGN_ORIGIN: 403,
  FACTOR_NOT_ALLOWED: 403,
  OVERLOADED: 503,
  UNKNOWN_TENANT: 400,
  PROVIDER_REFUSED: 400,
  PROVIDER_UNAVAILABLE: 503,
  SESSION_REFUSED: 400,
  STORAGE_UNAVAILABLE: 503,
  TOO_MANY_ATTEMPTS: 429,
};

function statusCodeOf({ code }: AuthError): number {
  return STATUS_CODES[code] ?? 500;
}

/** How each kind of interruption is answered. Recipes add their own kinds. */
@Injectable()
export class AuthErrorAnswers {
  private readonly logger = new Logger('Latchkey');
  private readonly byCode = new Map<AuthErrorCode, AuthErrorAnswer<never>>();

  register<E extends AuthError>(code: E['code'], answer: AuthErrorAnswer<E>): void {
    this.byCode.set(code, answer as AuthErrorAnswer<never>);
  }

  async answer(error: AuthError, request: BaseRequest, response: BaseResponse): Promise<void> {
    const special = this.byCode.get(error.code) as AuthErrorAnswer | undefined;
    if (special !== undefined) return special(error, request, response);

    const statusCode = statusCodeOf(error);
    response.setStatusCode(statusCode);
    const retryAfter = error instanceof TooManyAttemptsError ? error.retryAfterSeconds : retryAfterSeconds(1);
    if (statusCode === 429 || statusCode === 503) response.setHeader('Retry-After', String(retryAfter), false);
    response.sendJSONResponse({ message: this.logAndDescribe(error) });
  }

  /** @returns what a client may be told; the log is told of what only we can put right */
  logAndDescribe(error: AuthError): string {
    const statusCode = statusCodeOf(error);
    // Many at a time, and the stack would always be the same.
    if (error.code === 'OVERLOADED') this.logger.warn(logLine(error.message));
    else if (statusCode >= 500 && !this.byCode.has(error.code)) {
      this.logger.error(logLine(error.message), stackLines(error));
    }
    return statusCode === 500 && !this.byCode.has(error.code) ? 'Internal server error' : error.publicMessage;
  }
}
