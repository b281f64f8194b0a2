import { Inject, Injectable } from '@nestjs/common';
import type { MaybePromise } from '../../core/maybe-promise.js';
import { SessionsCore } from '../../core/sessions.core.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { UserContext } from '../../http/user-context.js';
import { MultipleSessionCookiesError } from './session.error.js';
import { SessionFunctions } from './session.functions.js';
import { type ReceivedToken, TokenTransfer } from './token-transfer.js';

/** Judging costs a signature or a look-up each, and no honest browser sends more. */
const MAX_JUDGED = 5;

/**
 * Several cookies of one name: a host below the domain may have planted one, which must not lock its owner out, or a change of
 * `cookieDomain` has left one. Each is judged, and what we have not issued does not count.
 */
@Injectable()
export class DoubledCookies {
  @Inject(TokenTransfer) private readonly transfer!: TokenTransfer;
  @Inject(SessionFunctions) private readonly functions!: SessionFunctions;
  @Inject(SessionsCore) private readonly sessionsCore!: SessionsCore;

  /** @returns `ambiguous` for several access cookies, unless one of them is ours */
  readAccessToken(
    request: BaseRequest,
    userContext: UserContext,
  ): MaybePromise<ReceivedToken | 'ambiguous' | undefined> {
    const received = this.transfer.readAccessToken(request, userContext);
    return received === 'ambiguous' ? this.readOwnAccessToken(request, userContext) : received;
  }

  private async readOwnAccessToken(
    request: BaseRequest,
    userContext: UserContext,
  ): Promise<ReceivedToken | 'ambiguous'> {
    const [token, ...others] = await this.ownAccessTokens(request, userContext);
    return token === undefined || others.length > 0 ? 'ambiguous' : { token, transferMethod: 'cookie' };
  }

  /**
   * @returns what to refresh by
   * @throws {MultipleSessionCookiesError} several refresh cookies none or some of which are ours, or several access cookies of ours
   */
  async readRefreshToken(request: BaseRequest, userContext: UserContext): Promise<ReceivedToken | undefined> {
    const received = this.transfer.readRefreshToken(request, userContext);
    if (received?.transferMethod !== 'cookie') return received;
    // What is not ours is no hindrance: the refresh makes an access token that is.
    if ((await this.ownAccessTokens(request, userContext)).length > 1) throw new MultipleSessionCookiesError(false);
    const tokens = this.transfer.refreshCookies(request);
    if (tokens.length < 2) return received;
    const token = await this.ownRefreshToken(tokens, request, userContext);
    if (token === undefined) throw new MultipleSessionCookiesError(false);
    return { token, transferMethod: 'cookie' };
  }

  /** @returns the only one that is ours, or the only one of the session that the access cookie is of */
  private async ownRefreshToken(
    tokens: string[],
    request: BaseRequest,
    userContext: UserContext,
  ): Promise<string | undefined> {
    if (tokens.length > MAX_JUDGED) return undefined;
    const sessions = await Promise.all(tokens.map((token) => this.sessionsCore.sessionOfRefreshToken(token)));
    const ourTokens = tokens.filter((_, at) => sessions[at] !== undefined);
    if (ourTokens.length < 2) return ourTokens[0];
    const [accessToken, ...others] = this.transfer.accessCookies(request);
    if (accessToken === undefined || others.length > 0) return undefined;
    const handle = await this.functions.getHandleOfAccessToken({ accessToken, userContext });
    const ofSession = tokens.filter((_, at) => handle !== undefined && sessions[at] === handle);
    return ofSession.length === 1 ? ofSession[0] : undefined;
  }

  /** Of several; one alone is judged where it is used. */
  private async ownAccessTokens(request: BaseRequest, userContext: UserContext): Promise<string[]> {
    const tokens = this.transfer.accessCookies(request);
    if (tokens.length < 2) return [];
    return only(
      tokens,
      async (accessToken) => (await this.functions.getHandleOfAccessToken({ accessToken, userContext })) !== undefined,
    );
  }
}

/** @returns those that are ours; all, where there are too many to look at */
async function only(tokens: string[], isOwn: (token: string) => Promise<boolean>): Promise<string[]> {
  if (tokens.length > MAX_JUDGED) return tokens;
  const verdicts = await Promise.all(tokens.map(isOwn));
  return tokens.filter((_, at) => verdicts[at]);
}
