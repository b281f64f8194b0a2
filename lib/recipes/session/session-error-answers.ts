import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AuthErrorAnswers } from '../../http/auth-error-answers.js';
import type { BaseResponse } from '../../http/base-response.js';
import type {
  InvalidClaimsError,
  MultipleSessionCookiesError,
  TokenTheftDetectedError,
  TryRefreshTokenError,
  UnauthorisedError,
} from './session.error.js';
import { type SessionConfig, SESSION_CONFIG } from './session.options.js';
import { TokenTransfer } from './token-transfer.js';

/** The wire's answers to a missing or bad session, each of which the application may give itself. */
@Injectable()
export class SessionErrorAnswers implements OnModuleInit {
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(AuthErrorAnswers) private readonly answers!: AuthErrorAnswers;
  @Inject(TokenTransfer) private readonly transfer!: TokenTransfer;

  onModuleInit(): void {
    const { sessionExpiredStatusCode, invalidClaimStatusCode, errorHandlers } = this.config;

    this.answers.register<UnauthorisedError>('UNAUTHORISED', (error, request, response) => {
      if (error.clearTokens) this.transfer.clearCarried(request, response);
      const handling = errorHandlers.onUnauthorised?.(error.message, request, response);
      return answer(response, handling, sessionExpiredStatusCode, { message: 'unauthorised' });
    });

    this.answers.register<TryRefreshTokenError>('TRY_REFRESH_TOKEN', (error, request, response) => {
      const handling = errorHandlers.onTryRefreshToken?.(error.message, request, response);
      return answer(response, handling, sessionExpiredStatusCode, { message: 'try refresh token' });
    });

    this.answers.register<TokenTheftDetectedError>('TOKEN_THEFT_DETECTED', (error, request, response) => {
      this.transfer.clearAll(request, response);
      const { sessionHandle, userId, recipeUserId } = error;
      const handling = errorHandlers.onTokenTheftDetected?.(sessionHandle, userId, recipeUserId, request, response);
      return answer(response, handling, sessionExpiredStatusCode, { message: 'token theft detected' });
    });

    this.answers.register<InvalidClaimsError>('INVALID_CLAIMS', ({ claimValidationErrors }, request, response) => {
      const handling = errorHandlers.onInvalidClaim?.(claimValidationErrors, request, response);
      return answer(response, handling, invalidClaimStatusCode, { message: 'invalid claim', claimValidationErrors });
    });

    this.answers.register<MultipleSessionCookiesError>('MULTIPLE_SESSION_COOKIES', (error, request, response) => {
      const { cleared, publicMessage: message } = error;
      const handling = cleared ? errorHandlers.onClearDuplicateSessionCookies?.(message, request, response) : undefined;
      return answer(response, handling, cleared ? 200 : 500, { message });
    });
  }
}

/** @param handling the application's answer on its way; one that says nothing would leave the client waiting */
async function answer(
  response: BaseResponse,
  handling: void | Promise<void>,
  statusCode: number,
  content: object,
): Promise<void> {
  await handling;
  if (response.isDecided) return;
  response.setStatusCode(statusCode);
  response.sendJSONResponse(content);
}
