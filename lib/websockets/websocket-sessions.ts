import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuthError, BadInputError } from '../core/auth.error.js';
import { logLine, stackLines } from '../core/log-line.js';
import { AuthErrorFilter } from '../http/auth-error.filter.js';
import type { HttpExchange } from '../http/http-exchange.js';
import type { TransportRefusal } from '../http/transport-refusal.js';
import { SessionWatch, type SessionContainer, type WatchedSession } from '../recipes/session/index.js';
import { closeSocket, payloadOf, send, type SocketClient } from './socket-client.js';
import { SocketAdmission, type AdmittedSocket } from '../sockets/socket-admission.js';

interface OpenSocket {
  admitted: AdmittedSocket;
  watched: WatchedSession | undefined;
  isConnected: boolean;
}

/** The sessions of open sockets. */
@Injectable()
export class WebSocketSessions {
  @Inject(SocketAdmission) private readonly admission!: SocketAdmission;
  @Inject(SessionWatch) private readonly watch!: SessionWatch;
  @Inject(AuthErrorFilter) private readonly errors!: AuthErrorFilter;
  private readonly logger = new Logger('Latchkey');
  private readonly sockets = new WeakMap<object, OpenSocket>();

  /**
   * The session of a socket as its handshake, or its last renewal, showed it: for `handleConnection` and `handleDisconnect`.
   * Handlers of messages have `@Session()`, which is verified for each message.
   * @param client as the gateway has it
   * @returns undefined where it came without a session
   */
  sessionOf(client: object): SessionContainer | undefined {
    return this.sockets.get(client)?.admitted.session;
  }

  /** @internal After the handshake, before anybody is told of the connection. */
  admit(client: SocketClient, admitted: AdmittedSocket): void {
    this.sockets.set(client, { admitted, watched: undefined, isConnected: false });
  }

  /** @internal */
  isAdmitted(client: object): boolean {
    return this.sockets.has(client);
  }

  /** @internal From the connection on: the session is watched until the socket is closed. */
  connect(client: SocketClient): void {
    const socket = this.sockets.get(client);
    if (socket === undefined || socket.isConnected) return;
    socket.isConnected = true;
    this.watchSession(client, socket);
    for (const event of ['close', 'disconnect']) client.once(event, () => socket.watched?.stop());
  }

  /** @internal @returns what carries the session of one message; undefined for a socket whose handshake nobody has seen */
  exchangeOf(client: object): HttpExchange | undefined {
    const socket = this.sockets.get(client);
    return (
      socket &&
      this.admission.exchangeOf(socket.admitted, (headers) => {
        socket.admitted = { ...socket.admitted, headers };
      })
    );
  }

  /**
   * For the event `latchkey:renew`.
   * @internal
   * @returns when the token stops working, in milliseconds since the Unix epoch
   */
  async renew(client: SocketClient, data: unknown): Promise<number> {
    const socket = this.sockets.get(client);
    const accessToken: unknown = (data as { accessToken?: unknown } | undefined)?.accessToken;
    if (socket === undefined || typeof accessToken !== 'string') {
      throw new BadInputError('Send latchkey:renew with { accessToken }');
    }
    socket.admitted = await this.admission.renew(socket.admitted, accessToken);
    const session = socket.admitted.session!;
    if (socket.watched === undefined) this.watchSession(client, socket);
    else socket.watched.renew(session);
    return session.getAccessTokenExpiry();
  }

  /** @internal A message of a session that is over was refused: nothing more comes of this socket. */
  endIfOver(client: object, refusal: TransportRefusal): void {
    const socket = this.sockets.get(client);
    if (refusal.reason !== 'UNAUTHORISED' || socket?.admitted.session === undefined) return;
    socket.watched?.stop();
    closeSocket(client as SocketClient, refusal);
  }

  private watchSession(client: SocketClient, socket: OpenSocket): void {
    const { session } = socket.admitted;
    if (session === undefined) return;
    socket.watched = this.watch.watch(session, {
      end: (error) => void this.end(client, error),
      expiring: (expiresAtMs) => send(client, 'latchkey:expiring', { expiresAtMs }),
    });
  }

  private async end(client: SocketClient, error: AuthError): Promise<void> {
    closeSocket(client, await this.errors.describe(error, this.exchangeOf(client)));
  }

  /** @internal What is told of a handshake, or a renewal, that failed. */
  async describe(error: unknown): Promise<TransportRefusal> {
    if (error instanceof AuthError) return this.errors.describe(error);
    this.logger.error(logLine(`A handshake failed: ${String(error)}`), stackLines(error));
    return { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error', statusCode: 500, details: {} };
  }

  /** @internal */
  async tellRefusal(client: SocketClient, error: unknown): Promise<void> {
    send(client, 'exception', { status: 'error', ...payloadOf(await this.describe(error)) });
  }
}
