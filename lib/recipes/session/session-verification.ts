import { Inject, Injectable } from '@nestjs/common';
import { immediately } from '../../core/immediate.js';
import { type MaybePromise, whenSettled, whenThere } from '../../core/maybe-promise.js';
import type { BaseRequest, HTTPMethod } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import { wrapRequest, wrapResponse } from '../../http/framework.js';
import { withRequest, type UserContext } from '../../http/user-context.js';
import { DoubledCookies } from './doubled-cookies.js';
import type { SessionContainer } from './session-container.js';
import { SessionClaims } from './session-claims.js';
import { getSessionFromRequest, putSessionOnRequest } from './session-on-request.js';
import { noSession, TryRefreshTokenError } from './session.error.js';
import { SessionFunctions } from './session.functions.js';
import type { VerifySessionOptions } from './session.functions.types.js';
import { type SessionConfig, type TokenTransferMethod, SESSION_CONFIG } from './session.options.js';
import { type ReceivedToken, TokenTransfer } from './token-transfer.js';

/** RFC 9110 §9.2.1: they change nothing, so that no other site gains by causing them. */
const SAFE_METHODS: ReadonlySet<HTTPMethod> = new Set(['get', 'head', 'options', 'trace']);

/** Verifies the session of a request. Every guarded request passes here, so nothing waits that need not. */
@Injectable()
export class SessionVerification {
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(SessionFunctions) private readonly functions!: SessionFunctions;
  @Inject(SessionClaims) private readonly claims!: SessionClaims;
  @Inject(TokenTransfer) private readonly transfer!: TokenTransfer;
  @Inject(DoubledCookies) private readonly doubledCookies!: DoubledCookies;

  /** As `Sessions.getSession`. */
  verify(
    req: unknown,
    res: unknown,
    options?: VerifySessionOptions,
    context?: UserContext,
  ): MaybePromise<SessionContainer | undefined> {
    const request = wrapRequest(req);
    const userContext = withRequest(context, request);
    if (this.transfer.hasLegacyCookie(request)) {
      throw new TryRefreshTokenError('The session is of a kind that must be refreshed first');
    }
    const token = this.doubledCookies.readAccessToken(request, userContext);
    return whenThere(token, (received) => this.verifyToken(received, request, res, options, userContext));
  }

  private verifyToken(
    received: ReceivedToken | 'ambiguous' | undefined,
    request: BaseRequest,
    res: unknown,
    options: VerifySessionOptions | undefined,
    userContext: UserContext,
  ): MaybePromise<SessionContainer | undefined> {
    if (received === 'ambiguous') {
      throw new TryRefreshTokenError('The request has several access token cookies');
    }
    const found = immediately(this.functions.getSession).call(this.functions, {
      accessToken: received?.token,
      antiCsrfToken: request.getHeaderValue('anti-csrf'),
      options: {
        // By name: spreading the options of a decorator costs as much as all the rest of the verification.
        sessionRequired: options?.sessionRequired,
        checkDatabase: options?.checkDatabase,
        overrideGlobalClaimValidators: options?.overrideGlobalClaimValidators,
        antiCsrfCheck: this.mustCheckAntiCsrf(request, received?.transferMethod, options, userContext),
      } satisfies Record<keyof VerifySessionOptions, unknown>,
      userContext,
    });
    return whenThere(found, (session) => {
      if (!session) {
        // An override may say "no session" by returning nothing.
        if (options?.sessionRequired === false) return undefined;
        throw noSession();
      }
      const before = getSessionFromRequest(request);
      const attached = this.attach(session, request, wrapResponse(res), received?.transferMethod ?? 'header');
      return whenThere(attached, () => this.accept(session, { request, before }, options, userContext));
    });
  }

  /** @returns the session, which meets the requirements; else the request has again what was verified before */
  private accept(
    session: SessionContainer,
    { request, before }: { request: BaseRequest; before: SessionContainer | undefined },
    options: VerifySessionOptions | undefined,
    userContext: UserContext,
  ): MaybePromise<SessionContainer> {
    // Nobody finds on the request what was refused: a guard that catches this may let it through for another reason.
    const refuse = (error: unknown): never => {
      putSessionOnRequest(request, before);
      throw error;
    };
    return whenSettled(
      () => this.assertClaims(session, options, userContext),
      () => session,
      refuse,
    );
  }

  /** For a client that cannot know that its session has ended: it would send the tokens again until they expire. */
  async clearEnded(request: BaseRequest, response: BaseResponse, userContext: UserContext): Promise<void> {
    const received = await this.doubledCookies.readAccessToken(request, userContext);
    if (received === undefined || received === 'ambiguous') return;
    const { token: accessToken, transferMethod } = received;
    if ((await this.functions.getHandleOfAccessToken({ accessToken, userContext })) === undefined) return;
    await this.transfer.afterCommit(() => this.transfer.clear(request, response, transferMethod));
  }

  /** The client is told of the session by the response, and the handler finds it on the request. */
  attach(
    session: SessionContainer,
    request: BaseRequest,
    response: BaseResponse,
    transferMethod: TokenTransferMethod,
  ): MaybePromise<void> {
    const attachment = { request, response, transferMethod, transfer: this.transfer };
    const attached = immediately(session.attachToRequestResponse).call(session, attachment);
    return whenThere(attached, () => putSessionOnRequest(request, session));
  }

  /** Verification needs the token check only for requests another site could cause with our cookies. */
  private mustCheckAntiCsrf(
    request: BaseRequest,
    transferMethod: TokenTransferMethod | undefined,
    options: VerifySessionOptions | undefined,
    userContext: UserContext,
  ): boolean {
    if (transferMethod !== 'cookie') return false;
    if (!(options?.antiCsrfCheck ?? !SAFE_METHODS.has(request.getMethod()))) return false;
    if (this.config.getAntiCsrfMode(request, userContext) !== 'VIA_CUSTOM_HEADER') return true;
    if (request.getHeaderValue('rid') === undefined) {
      throw new TryRefreshTokenError("The anti-CSRF check failed: send the header rid: 'session'");
    }
    return false;
  }

  private assertClaims(
    session: SessionContainer,
    options: VerifySessionOptions | undefined,
    userContext: UserContext,
  ): MaybePromise<void> {
    const ofEveryRoute = immediately(this.functions.getGlobalClaimValidators).call(this.functions, {
      userId: session.getUserId(),
      recipeUserId: session.getRecipeUserId(),
      tenantId: session.getTenantId(),
      claimValidatorsAddedByOtherRecipes: this.claims.getValidators(),
      userContext,
    });
    const override = options?.overrideGlobalClaimValidators;
    const ofThisRoute =
      override === undefined
        ? ofEveryRoute
        : whenThere(ofEveryRoute, (validators) => override(validators, session, userContext));
    return whenThere(ofThisRoute, (validators) =>
      validators.length === 0 ? undefined : immediately(session.assertClaims).call(session, validators, userContext),
    );
  }
}
