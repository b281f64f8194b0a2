import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Immediate, immediately } from '../../core/immediate.js';
import { type MaybePromise, whenSettled } from '../../core/maybe-promise.js';
import { AUTH_CONFIG, type AuthConfig } from '../../http/auth-config.js';
import { wrapResponse } from '../../http/framework.js';
import type { HttpExchange } from '../../http/http-exchange.js';
import { OwnResponseSentError } from '../../http/own-response-sent.error.js';
import { stateOf } from '../../http/request-state.js';
import { Transports } from '../../http/transports.js';
import { withRequest } from '../../http/user-context.js';
import { NamedRequirements } from './named-requirements.js';
import { SessionApi } from './session.api.js';
import { SessionContainer } from './session-container.js';
import { findVerified, noteVerified, putSessionOnRequest, takeSessionFromRequest } from './session-on-request.js';
import { noSession } from './session.error.js';
import { SessionFunctions } from './session.functions.js';
import { type SessionConfig, SESSION_CONFIG } from './session.options.js';
import { readSessionRequirements, type SessionRequirements } from './session-requirements.js';
import type { VerifySessionOptions } from './session.functions.types.js';

/** What `SessionGuard` does, for guards and interceptors of your own. */
@Injectable()
export class SessionVerifier {
  @Inject(SessionApi) private readonly api!: SessionApi;
  @Inject(SessionFunctions) private readonly functions!: SessionFunctions;
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(AUTH_CONFIG) private readonly auth!: AuthConfig;
  @Inject(Transports) private readonly transports!: Transports;
  @Inject(NamedRequirements) private readonly named!: NamedRequirements;
  /** Metadata does not change once the application runs, and reading it costs more than verifying. */
  private readonly requirements = new WeakMap<Function, Map<Function, SessionRequirements>>();

  /**
   * Verifies the session of a request for the route that it has come to, once for each route, and puts it on the request:
   * `@Session()` parameters are it.
   *
   * @param exchange what carries the tokens. @default the call's own over HTTP, and what its transport finds on others
   * @returns undefined where the route is public, which is found out before any work is done, and where there is no session
   * and `sessionRequired` is false
   * @throws {UnauthorisedError | TryRefreshTokenError | InvalidClaimsError} as `SessionGuard`
   * @throws {ConfigurationError} there is nothing that could carry a session
   */
  @Immediate('verifyRoute')
  async verify(context: ExecutionContext, exchange?: HttpExchange): Promise<SessionContainer | undefined> {
    return this.verifyRoute(context, exchange);
  }

  /**
   * Verifies the session of what is no call of a handler, such as the handshake of a socket: as `SessionGuard` would for a
   * route with these options.
   * @returns undefined where there is no session and `sessionRequired` is false
   * @throws {UnauthorisedError | TryRefreshTokenError | InvalidClaimsError}
   */
  async verifyExchange(
    { request, response }: HttpExchange,
    options: VerifySessionOptions = {},
  ): Promise<SessionContainer | undefined> {
    return this.judge(request, response, options, () => {});
  }

  /** What `@Session()` and `@PublicAccess()` on the class, the method and its parameters ask for together. */
  requirementsOf(context: ExecutionContext): SessionRequirements {
    const { isPublic, options } = this.read(context);
    // The one that is remembered decides about every request.
    return { isPublic, options: { ...options } };
  }

  /**
   * Whether the route is open by `@PublicAccess()`, as our own routes are. A method that asks for a session is not, in an
   * open class, and neither is a class that extends one.
   */
  isPublic(context: ExecutionContext): boolean {
    return this.read(context).isPublic;
  }

  private verifyRoute(context: ExecutionContext, exchange?: HttpExchange): MaybePromise<SessionContainer | undefined> {
    const { isPublic, options } = this.read(context);
    if (isPublic) return undefined;

    const { request, response } =
      exchange ??
      this.transports.requireExchange(context, 'Give verify(context, { request, response }) what carries it.');
    // Only a request of plain HTTP is over with its answer: a socket is verified for every message.
    const before = context.getType<string>() === 'http' ? findVerified(context, request) : undefined;
    if (before !== undefined) return before.session as SessionContainer | undefined;
    return this.judge(request, response, options, (session) => {
      noteVerified(context, request, session, this.transports.callOf(context));
      if (session !== undefined) this.transports.tell(session, context);
    });
  }

  private judge(
    original: unknown,
    originalResponse: unknown,
    options: VerifySessionOptions,
    note: (session: SessionContainer | undefined) => void,
  ): MaybePromise<SessionContainer | undefined> {
    takeSessionFromRequest(original);
    const { request } = stateOf(original);
    const response = wrapResponse(originalResponse);
    const verify = () =>
      immediately(this.api.verifySession).call(this.api, {
        verifySessionOptions: options,
        options: {
          recipeImplementation: this.functions,
          config: this.config,
          recipeId: 'session',
          isInServerlessEnv: this.auth.isInServerlessEnv,
          req: request,
          res: response,
        },
        userContext: withRequest(undefined, request),
      });
    const accept = (session: unknown) => {
      if (response.isSent) throw new OwnResponseSentError();
      const verified = session instanceof SessionContainer ? session : undefined;
      // An override may refuse what was verified, and put on the request, by the method that it calls.
      putSessionOnRequest(original, verified);
      if (verified === undefined && options.sessionRequired !== false) throw noSession();
      note(verified);
      return verified;
    };
    return whenSettled(verify, accept, (error) => {
      // So does an override that throws, and another guard may let the request in.
      takeSessionFromRequest(original);
      throw error;
    });
  }

  private read(context: ExecutionContext): SessionRequirements {
    const [controller, handler] = [context.getClass(), context.getHandler()];
    let byHandler = this.requirements.get(controller);
    if (byHandler === undefined) this.requirements.set(controller, (byHandler = new Map()));
    let requirements = byHandler.get(handler);
    if (requirements === undefined) {
      requirements = readSessionRequirements(controller, handler, (level) => this.named.validatorsOf(level));
      byHandler.set(handler, requirements);
    }
    return requirements;
  }
}
