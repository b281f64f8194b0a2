import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AUTH_CONFIG, type AuthConfig } from '../../http/auth-config.js';
import { ConfigurationError } from '../../core/auth.error.js';
import { immediately } from '../../core/immediate.js';
import { type MaybePromise, whenThere } from '../../core/maybe-promise.js';
import { wrapResponse } from '../../http/framework.js';
import { exchangeOf, type HttpExchange } from '../../http/http-exchange.js';
import { OwnResponseSentError } from '../../http/own-response-sent.error.js';
import { stateOf } from '../../http/request-state.js';
import { withRequest } from '../../http/user-context.js';
import { SessionApi } from './session.api.js';
import { SessionContainer } from './session-container.js';
import { noteGraphqlCall, putSessionOnRequest, takeSessionFromRequest } from './session-on-request.js';
import { noSession } from './session.error.js';
import { SessionFunctions } from './session.functions.js';
import { type SessionConfig, SESSION_CONFIG } from './session.options.js';
import { readSessionRequirements, type SessionRequirements } from './session-requirements.js';

/**
 * Lets requests with a valid session through and puts it on the request. Works by `@Session()`, by
 * `@UseGuards(SessionGuard)` and, for every route, as `APP_GUARD`; `@PublicAccess()` opts out.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  @Inject(SessionApi) private readonly api!: SessionApi;
  @Inject(SessionFunctions) private readonly functions!: SessionFunctions;
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(AUTH_CONFIG) private readonly auth!: AuthConfig;
  /** Metadata does not change once the application runs, and reading it costs more than verifying. */
  private readonly requirements = new WeakMap<Function, Map<Function, SessionRequirements>>();

  /** @returns true where nothing has to be waited for, as for an access token that was verified before */
  canActivate(context: ExecutionContext): MaybePromise<boolean> {
    const handler = context.getHandler();
    const { isPublic, options } = this.requirementsOf(context.getClass(), handler);
    if (isPublic) return true;

    const { request: original, response: originalResponse } = this.getRequestResponse(context);
    const state = stateOf(original);
    // Only a request of plain HTTP is over with its answer: a socket is verified for every message.
    const isOnce = context.getType<string>() === 'http';
    if (isOnce && state.verifiedFor === handler) return true;
    takeSessionFromRequest(original);

    const { request } = state;
    const response = wrapResponse(originalResponse);
    const found = immediately(this.api.verifySession).call(this.api, {
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
    return whenThere(found, (session) => {
      if (response.isSent) throw new OwnResponseSentError();
      const verified = session instanceof SessionContainer ? session : undefined;
      // An override may refuse what was verified, and put on the request, by the method that it calls.
      putSessionOnRequest(original, verified);
      if (verified === undefined && options.sessionRequired !== false) throw noSession();
      if (isOnce) state.verifiedFor = handler;
      else noteGraphqlCall(context, original, verified);
      return true;
    });
  }

  /**
   * Finds what carries the tokens: plain HTTP, and GraphQL whose context has the request and the response. For other
   * transports, override this.
   * @throws {ConfigurationError} there is nothing that could carry a session
   */
  protected getRequestResponse(context: ExecutionContext): HttpExchange {
    const exchange = exchangeOf(context);
    if (exchange !== undefined) return exchange;
    throw new ConfigurationError(
      `SessionGuard on ${context.getClass().name}.${context.getHandler().name}: this call, of type ` +
        `'${context.getType<string>()}', has no HTTP request with headers and no response, so that no session can be read. ` +
        'Extend SessionGuard and override getRequestResponse(context).',
    );
  }

  private requirementsOf(controller: Function, handler: Function): SessionRequirements {
    let byHandler = this.requirements.get(controller);
    if (byHandler === undefined) this.requirements.set(controller, (byHandler = new Map()));
    let requirements = byHandler.get(handler);
    if (requirements === undefined) {
      requirements = readSessionRequirements(controller, handler, SessionGuard);
      byHandler.set(handler, requirements);
    }
    return requirements;
  }
}
