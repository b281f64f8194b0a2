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
import type { SessionConfig } from './session.options.js';
import { SESSION_CONFIG } from './session.tokens.js';
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
      if (error.clearTokens) this.transfer.clearAll(request, response);
      if (errorHandlers.onUnauthorised) return errorHandlers.onUnauthorised(error.message, request, response);
      send(response, sessionExpiredStatusCode, { message: 'unauthorised' });
    });

    this.answers.register<TryRefreshTokenError>('TRY_REFRESH_TOKEN', (error, request, response) => {
      if (errorHandlers.onTryRefreshToken) return errorHandlers.onTryRefreshToken(error.message, request, response);
      send(response, sessionExpiredStatusCode, { message: 'try refresh token' });
    });

    this.answers.register<TokenTheftDetectedError>('TOKEN_THEFT_DETECTED', (error, request, response) => {
      this.transfer.clearAll(request, response);
      const { sessionHandle, userId, recipeUserId } = error;
      if (errorHandlers.onTokenTheftDetected) {
        return errorHandlers.onTokenTheftDetected(sessionHandle, userId, recipeUserId, request, response);
      }
      send(response, sessionExpiredStatusCode, { message: 'token theft detected' });
    });

    this.answers.register<InvalidClaimsError>('INVALID_CLAIMS', ({ claimValidationErrors }, request, response) => {
      if (errorHandlers.onInvalidClaim) return errorHandlers.onInvalidClaim(claimValidationErrors, request, response);
      send(response, invalidClaimStatusCode, { message: 'invalid claim', claimValidationErrors });
    });

    this.answers.register<MultipleSessionCookiesError>('MULTIPLE_SESSION_COOKIES', (error, _request, response) => {
      send(response, error.cleared ? 200 : 500, { message: error.publicMessage });
    });
  }
}

function send(response: BaseResponse, statusCode: number, content: unknown): void {
  response.setStatusCode(statusCode);
  response.sendJSONResponse(content);
}
