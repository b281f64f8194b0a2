import { Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { immediately } from '../../core/immediate.js';
import { type MaybePromise, whenThere } from '../../core/maybe-promise.js';
import type { HttpExchange } from '../../http/http-exchange.js';
import { Transports } from '../../http/transports.js';
import { VERIFIES_SESSIONS } from './session-requirements.js';
import { SessionVerifier } from './session-verifier.js';

const FIX = 'Extend SessionGuard and override getRequestResponse(context).';

/**
 * Lets requests with a valid session through and puts it on the request. Works by `@Session()`, by
 * `@UseGuards(SessionGuard)` and, for every route, as `APP_GUARD`; `@PublicAccess()` opts out.
 */
@Injectable()
@SetMetadata(VERIFIES_SESSIONS, true)
export class SessionGuard implements CanActivate {
  @Inject(SessionVerifier) private readonly verifier!: SessionVerifier;
  @Inject(Transports) private readonly sessionTransports!: Transports;

  /** @returns true where nothing has to be waited for, as for an access token that was verified before */
  canActivate(context: ExecutionContext): MaybePromise<boolean> {
    if (this.verifier.isPublic(context)) return true;
    const verified = immediately(this.verifier.verify).call(this.verifier, context, this.getRequestResponse(context));
    return whenThere(verified, () => true);
  }

  /**
   * Finds what carries the tokens: over plain HTTP, under GraphQL whose context has the request and the response, and on the
   * `transports` of `AuthModule.forRoot`. For anything else, override this.
   * @throws {ConfigurationError} there is nothing that could carry a session
   */
  protected getRequestResponse(context: ExecutionContext): HttpExchange {
    return this.sessionTransports.requireExchange(context, FIX);
  }
}
