import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AUTH_CONFIG, type AuthConfig } from '../../http/auth-config.js';
import { wrapRequest, wrapResponse } from '../../http/framework.js';
import { OwnResponseSentError } from '../../http/own-response-sent.error.js';
import { withRequest } from '../../http/user-context.js';
import { SessionApi } from './session.api.js';
import type { SessionContainer } from './session-container.js';
import { SessionFunctions } from './session.functions.js';
import { type SessionConfig, SESSION_CONFIG } from './session.options.js';
import { readSessionRequirements, type SessionRequirements } from './session-requirements.js';

/** The handler a request was verified for, so that a guard given twice works once. */
const VERIFIED_FOR = Symbol('latchkey.verified-for');

interface GuardedRequest {
  session?: SessionContainer | undefined;
  [VERIFIED_FOR]?: Function;
}

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

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    const { isPublic, options } = this.requirementsOf(context.getClass(), handler);
    if (isPublic) return true;

    const { request: original, response: originalResponse } = this.getRequestResponse(context);
    const guarded = original as GuardedRequest;
    if (guarded[VERIFIED_FOR] === handler) return true;

    const request = wrapRequest(original);
    const response = wrapResponse(originalResponse);
    const session = await this.api.verifySession({
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
    if (response.isSent) throw new OwnResponseSentError();
    if (session !== undefined) guarded.session = session;
    guarded[VERIFIED_FOR] = handler;
    return true;
  }

  /** For contexts other than plain HTTP, such as GraphQL, override this. */
  protected getRequestResponse(context: ExecutionContext): { request: unknown; response: unknown } {
    const http = context.switchToHttp();
    return { request: http.getRequest(), response: http.getResponse() };
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
