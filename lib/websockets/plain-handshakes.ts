import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { AuthError } from '../core/auth.error.js';
import type { Admission } from './gateways.js';
import { WebSocketSessions } from './websocket-sessions.js';
import { anonymous, SocketAdmission, type AdmittedSocket } from '../sockets/socket-admission.js';
import { closeSocket, send, type SocketClient } from './socket-client.js';

type Answer = (isVerified: boolean, statusCode?: number, message?: string, headers?: object) => void;
type VerifyClient = (info: { req: IncomingMessage }, answer: Answer) => unknown;

interface PlainServer {
  options: { verifyClient?: VerifyClient | null };
  handleUpgrade: Function;
}

interface Decision {
  admission: Admission;
  admitted?: AdmittedSocket;
  error?: unknown;
  /** Each gateway of the server asks. */
  isTold?: boolean;
}

/** Longer ones are not ours. */
const MAX_RENEWAL_LENGTH = 16_384;

export function isPlainServer(server: object): server is PlainServer {
  const { options, handleUpgrade } = server as Partial<PlainServer>;
  return typeof handleUpgrade === 'function' && typeof options === 'object';
}

/**
 * Handshakes of `ws`. Browsers hide from a page with which status a handshake was refused, so a client whose token is not good is
 * let in and told by the close frame, before any gateway hears of it; pages of other sites and tokens in a query string get
 * no socket.
 */
@Injectable()
export class PlainHandshakes {
  @Inject(SocketAdmission) private readonly admission!: SocketAdmission;
  @Inject(WebSocketSessions) private readonly sessions!: WebSocketSessions;
  private readonly decisions = new WeakMap<object, Decision>();

  guard({ options }: PlainServer, admission: () => Admission): void {
    const { verifyClient } = options;
    options.verifyClient = (info, answer) => {
      askFirst(verifyClient, info, (isVerified, ...why) => {
        if (isVerified) void this.decide(info.req, admission(), answer);
        else answer(false, ...why);
      });
    };
  }

  /**
   * What was decided about the handshake, once the socket is open.
   * @returns whether gateways may hear of it, if not, it is being closed; undefined where we have not seen the handshake
   */
  settle(client: SocketClient, request: unknown): boolean | undefined {
    const decision = typeof request === 'object' && request !== null ? this.decisions.get(request) : undefined;
    if (decision === undefined) return undefined;
    if (decision.admitted === undefined) {
      if (!decision.isTold) void this.refuse(client, decision);
      decision.isTold = true;
      return false;
    }
    this.sessions.admit(client, decision.admitted);
    if (!decision.admission.isOpen) client.on('message', (message: unknown) => void this.hear(client, message));
    return true;
  }

  private async decide(request: IncomingMessage, admission: Admission, answer: Answer): Promise<void> {
    const { headers, url = '/' } = request;
    try {
      const admitted = admission.isOpen
        ? anonymous({ headers, url })
        : await this.admission.admit({ headers, url }, admission.requirements);
      this.decisions.set(request, { admission, admitted });
      answer(true);
    } catch (error) {
      const { code } = error instanceof AuthError ? error : { code: undefined };
      if (code !== 'BAD_INPUT' && code !== 'FOREIGN_ORIGIN') {
        this.decisions.set(request, { admission, error });
        answer(true);
      } else {
        const { statusCode, message } = await this.sessions.describe(error);
        answer(false, statusCode, message);
      }
    }
  }

  private async refuse(client: SocketClient, { error }: Decision): Promise<void> {
    closeSocket(client, await this.sessions.describe(error));
  }

  private async hear(client: SocketClient, message: unknown): Promise<void> {
    const data = renewalIn(message);
    if (data === undefined) return;
    try {
      const expiresAtMs = await this.sessions.renew(client, data);
      send(client, 'latchkey:renewed', { status: 'OK', expiresAtMs });
    } catch (error) {
      await this.sessions.tellRefusal(client, error);
    }
  }
}

/** The application's own check, in either of the forms that `ws` takes. */
function askFirst(verifyClient: VerifyClient | null | undefined, info: { req: IncomingMessage }, answer: Answer): void {
  if (!verifyClient) answer(true);
  else if (verifyClient.length >= 2) verifyClient(info, answer);
  else answer(Boolean(verifyClient(info, answer)), 401);
}

/** @returns the data of the event, which is a frame of JSON as every other one of Nest's adapter */
function renewalIn(message: unknown): unknown {
  const text = Buffer.isBuffer(message) ? message.toString() : message;
  if (typeof text !== 'string' || text.length > MAX_RENEWAL_LENGTH || !text.includes('latchkey:renew'))
    return undefined;
  try {
    const { event, data } = JSON.parse(text) as { event?: unknown; data?: unknown };
    return event === 'latchkey:renew' ? (data ?? {}) : undefined;
  } catch {
    return undefined;
  }
}
