import { Inject, Injectable } from '@nestjs/common';
import { AttemptLimits } from '../../attempts/attempt-limits.js';
import { AUTH_CONFIG, type AuthConfig } from '../../http/auth-config.js';
import { Immediate } from '../../core/immediate.js';
import type { MaybePromise } from '../../core/maybe-promise.js';
import { ConfigurationError } from '../../core/auth.error.js';
import { PUBLIC_TENANT_ID } from '../../core/core.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import { wrapRequest, wrapResponse } from '../../http/framework.js';
import { withRequest, type UserContext } from '../../http/user-context.js';
import { DoubledCookies } from './doubled-cookies.js';
import type { SessionContainer } from './session-container.js';
import { noSession, TokenTheftDetectedError, UnauthorisedError } from './session.error.js';
import { SessionFunctions } from './session.functions.js';
import type { CreateNewSessionInput, VerifySessionOptions } from './session.functions.types.js';
import {
  checkCookiesReachBrowser,
  type SessionConfig,
  type TokenTransferMethod,
  SESSION_CONFIG,
} from './session.options.js';
import { SessionVerification } from './session-verification.js';
import { TokenTransfer } from './token-transfer.js';

/** The input of `Sessions.createNewSession`. */
export interface CreateSessionForRequestInput extends Omit<CreateNewSessionInput, 'disableAntiCsrf'> {}

/**
 * Sessions for application code that has a request and a response of its own: the framework's, or ours.
 * Tokens are read from the request and written to the response, as the client wants them.
 */
@Injectable()
export class Sessions {
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(AUTH_CONFIG) private readonly auth!: AuthConfig;
  @Inject(SessionFunctions) private readonly functions!: SessionFunctions;
  @Inject(TokenTransfer) private readonly transfer!: TokenTransfer;
  @Inject(SessionVerification) private readonly verification!: SessionVerification;
  @Inject(DoubledCookies) private readonly doubledCookies!: DoubledCookies;
  @Inject(AttemptLimits) private readonly attemptLimits!: AttemptLimits;

  /**
   * Signs the user in: the client holds a new session after this response. The one that the request came with ends,
   * since the client forgets its tokens.
   * @throws {SessionRefusedError} nobody has that id, or not any more that place in the tenant or that password
   */
  async createNewSession(req: unknown, res: unknown, input: CreateSessionForRequestInput): Promise<SessionContainer> {
    const [request, response] = [wrapRequest(req), wrapResponse(res)];
    const userContext = withRequest(input.userContext, request);
    const transferMethod = this.transfer.methodForNewSession(request, userContext);
    if (transferMethod === 'cookie') checkCookiesReachBrowser(this.config, this.auth.appInfo, request);
    assertHeadIsUnsent(response, 'createNewSession');

    const session = await this.functions.createNewSession({
      userId: input.userId,
      recipeUserId: input.recipeUserId ?? input.userId,
      tenantId: input.tenantId ?? PUBLIC_TENANT_ID,
      accessTokenPayload: input.accessTokenPayload,
      sessionDataInDatabase: input.sessionDataInDatabase,
      allowUnknownUser: input.allowUnknownUser,
      credentialsVersion: input.credentialsVersion,
      disableAntiCsrf: transferMethod === 'header',
      userContext,
    });
    try {
      this.transfer.assertFits(request, session, transferMethod);
    } catch (error) {
      await this.functions.revokeSession({ sessionHandle: session.getHandle(), userContext });
      throw error;
    }
    await this.endOtherSessions(session, request, userContext);
    await this.clearOtherMethod(request, response, transferMethod);
    await this.verification.attach(session, request, response, transferMethod);
    return session;
  }

  /**
   * Verifies the session of a request and the requirements on it.
   * @returns undefined where there is no session and `sessionRequired` is false
   * @throws {UnauthorisedError | TryRefreshTokenError | InvalidClaimsError}
   */
  @Immediate('verify')
  async getSession(
    req: unknown,
    res: unknown,
    options?: VerifySessionOptions,
    context?: UserContext,
  ): Promise<SessionContainer | undefined> {
    return this.verify(req, res, options, context);
  }

  private verify(...input: Parameters<SessionVerification['verify']>): MaybePromise<SessionContainer | undefined> {
    return this.verification.verify(...input);
  }

  /**
   * Refreshes the session of a request: the client holds new tokens after this response.
   * @throws {UnauthorisedError | TokenTheftDetectedError | MultipleSessionCookiesError}
   */
  async refreshSession(req: unknown, res: unknown, context?: UserContext): Promise<SessionContainer> {
    const [request, response] = [wrapRequest(req), wrapResponse(res)];
    const userContext = withRequest(context, request);
    assertHeadIsUnsent(response, 'refreshSession');
    this.transfer.clearOlderCookies(request, response, userContext);
    try {
      const received = await this.doubledCookies.readRefreshToken(request, userContext);
      if (received === undefined) throw new UnauthorisedError('The request has no refresh token');
      const { token, transferMethod } = received;
      const disableAntiCsrf = this.passesWithoutAntiCsrfToken(request, transferMethod, userContext);
      const session = await this.countingRefusals(userContext, () =>
        this.functions.refreshSession({
          refreshToken: token,
          antiCsrfToken: request.getHeaderValue('anti-csrf'),
          disableAntiCsrf,
          userContext,
        }),
      );
      if (!session) throw noSession();
      this.transfer.assertFits(request, session, transferMethod);
      await this.transfer.afterCommit(() => this.transfer.clearLegacyCookie(request, response));
      const hasBoth = await this.clearOtherMethod(request, response, transferMethod);
      if (hasBoth) await this.endOtherSessions(session, request, userContext);
      await this.verification.attach(session, request, response, transferMethod);
      return session;
    } catch (error) {
      const clears =
        error instanceof TokenTheftDetectedError || (error instanceof UnauthorisedError && error.clearTokens);
      if (clears) this.transfer.clearLegacyCookie(request, response);
      throw error;
    }
  }

  /** Of refreshes only those count whose token is unknown: the others are not slowed, wherever they come from. */
  private async countingRefusals<T>(userContext: UserContext, refresh: () => Promise<T>): Promise<T> {
    try {
      return await refresh();
    } catch (error) {
      if (error instanceof UnauthorisedError) {
        await this.attemptLimits.count({ action: 'refresh', tenantId: PUBLIC_TENANT_ID, userContext });
      }
      throw error;
    }
  }

  /** Of the same client, which forgets their tokens by this answer: nobody could end them any more. */
  private async endOtherSessions(
    session: SessionContainer,
    request: BaseRequest,
    userContext: UserContext,
  ): Promise<void> {
    for (const accessToken of this.transfer.accessTokensOf(request)) {
      const sessionHandle = await this.functions.getHandleOfAccessToken({ accessToken, userContext });
      if (sessionHandle === undefined || sessionHandle === session.getHandle()) continue;
      await this.functions.revokeSession({ sessionHandle, userContext });
    }
  }

  private passesWithoutAntiCsrfToken(
    request: BaseRequest,
    transferMethod: TokenTransferMethod,
    userContext: UserContext,
  ): boolean {
    if (transferMethod === 'header') return true;
    const mode = this.config.getAntiCsrfMode(request, userContext);
    const header = { NONE: undefined, VIA_CUSTOM_HEADER: 'rid', VIA_TOKEN: 'anti-csrf' }[mode];
    if (header !== undefined && request.getHeaderValue(header) === undefined) {
      // Another site may have sent this: no token is judged, so that none is cleared.
      throw new UnauthorisedError(`The anti-CSRF check failed: send the header ${header}`, { clearTokens: false });
    }
    return mode === 'VIA_CUSTOM_HEADER';
  }

  /** @returns whether the client had tokens that way too */
  private async clearOtherMethod(
    request: BaseRequest,
    response: BaseResponse,
    method: TokenTransferMethod,
  ): Promise<boolean> {
    const other = method === 'cookie' ? 'header' : 'cookie';
    if (!this.transfer.carries(request, other)) return false;
    await this.transfer.afterCommit(() => this.transfer.clear(request, response, other));
    return true;
  }
}

/**
 * Before anything is stored: tokens that cannot be written would be lost, and with them the session.
 * @throws {ConfigurationError}
 */
function assertHeadIsUnsent(response: BaseResponse, method: string): void {
  if (!response.isHeadSent) return;
  throw new ConfigurationError(
    `Sessions.${method} was called after the head of the answer was sent, so that the client cannot be given its tokens. ` +
      'Call it before anything is written to the response.',
  );
}
