import { Inject, Injectable } from '@nestjs/common';
import { BadInputError } from '../core/auth.error.js';
import { AUTH_CONFIG, type AuthConfig } from '../http/auth-config.js';
import type { FrameworkRequest } from '../http/base-request.js';
import { createExchange } from '../http/detached.response.js';
import { wrapRequest } from '../http/framework.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { assertOwnOrigin } from '../http/origin-check.js';
import { withRequest } from '../http/user-context.js';
import {
  SessionVerifier,
  UnauthorisedError,
  type SessionContainer,
  type TokenTransferMethod,
  type VerifySessionOptions,
} from '../recipes/session/index.js';
import { looksLikeAccessToken, TokenTransfer } from '../recipes/session/token-transfer.js';

/** What a client has sent to open a socket. */
export interface SocketHandshake {
  headers: FrameworkRequest['headers'];
  /** The path and query. */
  url: string;
  /** An access token from elsewhere, such as socket.io's `auth: { token }`. */
  token?: unknown;
}

/** What of the handshake is kept with the socket: its session, and what carries the token for each message. */
export interface AdmittedSocket {
  headers: FrameworkRequest['headers'];
  url: string;
  transferMethod: TokenTransferMethod;
  session: SessionContainer | undefined;
}

/** For sockets that may come without a session: one that has a token learns whether it is still good. */
const IF_THERE: VerifySessionOptions = { sessionRequired: false, overrideGlobalClaimValidators: () => [] };
/** A client that fails a requirement of a handler may stay connected: it is asked there. */
const RENEWED: VerifySessionOptions = { checkDatabase: true, overrideGlobalClaimValidators: () => [] };

/** Decides who may open a socket. */
@Injectable()
export class SocketAdmission {
  @Inject(AUTH_CONFIG) private readonly auth!: AuthConfig;
  @Inject(SessionVerifier) private readonly verifier!: SessionVerifier;
  @Inject(TokenTransfer) private readonly transfer!: TokenTransfer;

  /**
   * What a handshake carries, which is not verified yet.
   * @throws {BadInputError} a token is in the query string
   * @throws {ForeignOriginError} a page of another site has connected, and the browser sent our cookies
   */
  inspect(handshake: SocketHandshake): AdmittedSocket {
    const { url } = handshake;
    const headers = headersOf(handshake);
    assertNoTokenInQuery(url);
    const exchange = createExchange({ headers, url });
    const transferMethod = this.methodOf(exchange);
    if (transferMethod === 'cookie') assertOwnOrigin(wrapRequest(exchange.request), this.auth.appInfo);
    return { headers, url, transferMethod, session: undefined };
  }

  /**
   * @param requirements a session has to meet them all; without any, a socket may come without one
   * @throws {UnauthorisedError | TryRefreshTokenError | InvalidClaimsError} and what `inspect` throws
   */
  async admit(handshake: SocketHandshake, requirements: readonly VerifySessionOptions[]): Promise<AdmittedSocket> {
    const socket = this.inspect(handshake);
    const exchange = createExchange(socket);
    let session: SessionContainer | undefined;
    for (const options of requirements.length === 0 ? [IF_THERE] : requirements) {
      session = await this.verifier.verifyExchange(exchange, options);
    }
    return { ...socket, session };
  }

  /** The same for a newer token of an open socket. @throws {UnauthorisedError | TryRefreshTokenError} */
  async renew(socket: AdmittedSocket, accessToken: string): Promise<AdmittedSocket> {
    const { url, transferMethod } = socket;
    const headers = this.transfer.carryToken(socket, accessToken, transferMethod);
    const session = await this.verifier.verifyExchange(createExchange({ headers, url }), RENEWED);
    const handle = session?.getHandle();
    if (socket.session !== undefined && socket.session.getHandle() !== handle) {
      throw new UnauthorisedError('The token is of another session: open another socket', { clearTokens: false });
    }
    return { headers, url, transferMethod, session };
  }

  /** @returns what the socket carries, for one message */
  exchangeOf(socket: AdmittedSocket, keep?: (headers: FrameworkRequest['headers']) => void): HttpExchange {
    const { url, transferMethod } = socket;
    const onAccessToken = (token: string) => keep?.(this.transfer.carryToken(socket, token, transferMethod));
    return createExchange({ headers: { ...socket.headers }, url, onAccessToken });
  }

  private methodOf({ request }: HttpExchange): TokenTransferMethod {
    const wrapped = wrapRequest(request);
    const received = this.transfer.readAccessToken(wrapped, withRequest(undefined, wrapped));
    if (received === 'ambiguous') return 'cookie';
    return received?.transferMethod ?? 'header';
  }
}

/** A socket of which nobody asks for a session. */
export function anonymous({ headers, url }: SocketHandshake): AdmittedSocket {
  return { headers, url, transferMethod: 'header', session: undefined };
}

/** The token of `auth` counts: a browser sends it only to where its page says. */
function headersOf({ headers, token }: SocketHandshake): FrameworkRequest['headers'] {
  if (typeof token !== 'string' || token === '') return { ...headers };
  return { ...headers, authorization: `Bearer ${token.replace(/^bearer +/i, '')}` };
}

/**
 * Addresses are in the logs of every proxy and in the history of browsers. Whether the token is good does not matter: a client
 * that sends it there will send good ones too.
 */
function assertNoTokenInQuery(url: string): void {
  const at = url.indexOf('?');
  if (at === -1) return;
  for (const value of new URLSearchParams(url.slice(at)).values()) {
    if (!looksLikeAccessToken(value.replace(/^bearer +/i, ''))) continue;
    throw new BadInputError(
      'An access token is in the query string, which proxies write to their logs. Send it in the header Authorization, in ' +
        'auth: { token } of socket.io, or as a cookie, and end this session.',
    );
  }
}
