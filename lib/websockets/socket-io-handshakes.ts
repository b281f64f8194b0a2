import { Inject, Injectable } from '@nestjs/common';
import type { FrameworkRequest } from '../http/base-request.js';
import type { Admission } from './gateways.js';
import { WebSocketSessions } from './websocket-sessions.js';
import { anonymous, SocketAdmission } from '../sockets/socket-admission.js';
import { payloadOf, type SocketClient } from './socket-client.js';

interface SocketIoSocket extends SocketClient {
  handshake: { headers: FrameworkRequest['headers']; url: string; auth?: { token?: unknown } };
}

interface SocketIoServer {
  use(middleware: (socket: SocketIoSocket, next: (error?: Error) => void) => void): unknown;
}

type Acknowledge = (answer: object) => void;

export function isSocketIoServer(server: object): server is SocketIoServer {
  return typeof (server as Partial<SocketIoServer>).use === 'function';
}

/** Handshakes of socket.io: what is refused gets a `connect_error`, whose `data` says why. */
@Injectable()
export class SocketIoHandshakes {
  @Inject(SocketAdmission) private readonly admission!: SocketAdmission;
  @Inject(WebSocketSessions) private readonly sessions!: WebSocketSessions;

  guard(server: SocketIoServer, admission: () => Admission): void {
    server.use((socket, next) => {
      this.admit(socket, admission()).then(
        () => next(),
        async (error: unknown) => next(await this.connectError(error)),
      );
    });
  }

  private async admit(socket: SocketIoSocket, admission: Admission): Promise<void> {
    const { headers, url, auth } = socket.handshake;
    // Where nobody asks for sessions, nobody looks for one.
    if (admission.isOpen) return this.sessions.admit(socket, anonymous({ headers, url }));
    const handshake = { headers, url, token: auth?.token };
    this.sessions.admit(socket, await this.admission.admit(handshake, admission.requirements));
    socket.on('latchkey:renew', (data: unknown, acknowledge?: Acknowledge) => {
      void this.renew(socket, data, acknowledge);
    });
  }

  private async renew(socket: SocketIoSocket, data: unknown, acknowledge?: Acknowledge): Promise<void> {
    const tell = typeof acknowledge === 'function' ? acknowledge : undefined;
    try {
      const answer = { status: 'OK', expiresAtMs: await this.sessions.renew(socket, data) };
      if (tell === undefined) socket.emit('latchkey:renewed', answer);
      else tell(answer);
    } catch (error) {
      if (tell === undefined) return this.sessions.tellRefusal(socket, error);
      tell({ status: 'error', ...payloadOf(await this.sessions.describe(error)) });
    }
  }

  private async connectError(error: unknown): Promise<Error> {
    const payload = payloadOf(await this.sessions.describe(error));
    return Object.assign(new Error(payload.message as string), { data: payload });
  }
}
