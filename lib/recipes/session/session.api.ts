import { Inject, Injectable } from '@nestjs/common';
import type { APIOptions } from '../../http/api-call.js';
import { PublicPaths } from '../../http/public-paths.js';
import type { UserContext } from '../../http/user-context.js';
import { Immediate, immediately } from '../../core/immediate.js';
import type { MaybePromise } from '../../core/maybe-promise.js';
import type { JsonWebKey } from '../../core/signing-keys.core.js';
import type { GeneralErrorResponse } from '../../http/general-error.js';
import type { SessionContainer } from './session-container.js';
import { SessionFunctions } from './session.functions.js';
import type { OpenIdDiscoveryConfiguration, VerifySessionOptions } from './session.functions.types.js';
import type { SessionConfig } from './session.options.js';
import { SessionVerification } from './session-verification.js';
import { Sessions } from './sessions.js';

/** The options that methods of `SessionApi` receive. */
export type SessionAPIOptions = APIOptions<SessionFunctions, SessionConfig>;

interface SessionApiInput {
  options: SessionAPIOptions;
  userContext: UserContext;
}

/** The input of `SessionApi.refreshPOST`. */
export type RefreshPOSTInput = SessionApiInput;
/** The input of `SessionApi.signOutPOST`. */
export type SignOutPOSTInput = SessionApiInput;
/** The input of `SessionApi.getJWKSGET`. */
export type GetJWKSGETInput = SessionApiInput;
/** The input of `SessionApi.getOpenIdDiscoveryConfigurationGET`. */
export type GetOpenIdDiscoveryConfigurationGETInput = SessionApiInput;

/** The input of `SessionApi.verifySession`, which guards call. */
export interface VerifySessionInput extends SessionApiInput {
  verifySessionOptions: VerifySessionOptions | undefined;
}

/** What clients ask of the Session recipe, and what guards ask. Override any of it by a subclass. */
@Injectable()
export class SessionApi {
  @Inject(SessionFunctions) protected readonly sessionFunctions!: SessionFunctions;
  @Inject(Sessions) protected readonly sessions!: Sessions;
  @Inject(PublicPaths) protected readonly paths!: PublicPaths;
  @Inject(SessionVerification) private readonly sessionVerification!: SessionVerification;

  /** `POST /session/refresh`: a new pair of tokens for a refresh token. */
  async refreshPOST({
    options,
    userContext,
  }: RefreshPOSTInput): Promise<SessionContainer | GeneralErrorResponse | void> {
    return this.sessions.refreshSession(options.req, options.res, userContext);
  }

  /** `POST /signout`: ends the session, if there is one. */
  async signOutPOST({ options, userContext }: SignOutPOSTInput): Promise<{ status: 'OK' } | GeneralErrorResponse> {
    const session = await this.sessions.getSession(
      options.req,
      options.res,
      // Anyone who fails a requirement of the application may still leave.
      { sessionRequired: false, overrideGlobalClaimValidators: () => [] },
      userContext,
    );
    if (session !== undefined) await session.revokeSession(userContext);
    else await this.sessionVerification.clearEnded(options.req, options.res, userContext);
    return { status: 'OK' };
  }

  /**
   * Every guarded route passes here. A guarded route of the application at the refresh path refreshes.
   * @returns the session, which is also put on the framework's own request as `session`
   */
  @Immediate('verifyRequest')
  async verifySession(input: VerifySessionInput): Promise<SessionContainer | undefined | void> {
    return this.verifyRequest(input);
  }

  private verifyRequest(input: VerifySessionInput): MaybePromise<SessionContainer | undefined> {
    const { options, verifySessionOptions, userContext } = input;
    const { req, res } = options;
    if (req.getMethod() === 'post' && this.paths.isRefreshPath(pathOf(req.getOriginalURL()))) {
      return this.sessions.refreshSession(req, res, userContext);
    }
    return immediately(this.sessions.getSession).call(this.sessions, req, res, verifySessionOptions, userContext);
  }

  /** `GET /jwt/jwks.json`: the public keys of access tokens. */
  async getJWKSGET({ options, userContext }: GetJWKSGETInput): Promise<{ keys: JsonWebKey[] } | GeneralErrorResponse> {
    const { keys, maxAgeSeconds } = await this.sessionFunctions.getJWKS({ userContext });
    options.res.setHeader('Cache-Control', `max-age=${maxAgeSeconds}, must-revalidate`, false);
    return { keys };
  }

  /** `GET /.well-known/openid-configuration`: where to find the keys of our tokens' issuer. */
  async getOpenIdDiscoveryConfigurationGET({
    userContext,
  }: GetOpenIdDiscoveryConfigurationGETInput): Promise<OpenIdDiscoveryConfiguration | GeneralErrorResponse> {
    return this.sessionFunctions.getOpenIdDiscoveryConfiguration({ userContext });
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
