import { Inject, Injectable, Logger, type ArgumentsHost } from '@nestjs/common';
import { logLine } from '../core/log-line.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { SessionTransport, type TransportDefinition } from '../http/session-transport.js';
import type { TransportRefusal } from '../http/transport-refusal.js';
import { Gateways } from './gateways.js';
import { Handshakes } from './handshakes.js';
import { WebSocketSessions } from './websocket-sessions.js';
import { PlainHandshakes } from './plain-handshakes.js';
import { SocketAdmission } from '../sockets/socket-admission.js';
import { payloadOf, send, type SocketClient } from './socket-client.js';
import { SocketIoHandshakes } from './socket-io-handshakes.js';

/** What the guard leaves among the arguments of a message for `@Session()` parameters: nothing else tells messages apart. */
class Message {
  constructor(readonly exchange: HttpExchange) {}
}

/** Messages of gateways, on socket.io and on `ws`: the socket carries the session, from its handshake or its last renewal. */
@Injectable()
export class WebSocketTransport extends SessionTransport {
  readonly type = 'ws';
  @Inject(WebSocketSessions) private readonly sessions!: WebSocketSessions;
  private readonly logger = new Logger('Latchkey');

  /** For `transports` of `AuthModule.forRoot`. */
  static init(): TransportDefinition {
    return {
      useClass: WebSocketTransport,
      providers: [SocketAdmission, WebSocketSessions, Gateways, PlainHandshakes, SocketIoHandshakes, Handshakes],
    };
  }

  exchangeOf(host: ArgumentsHost): HttpExchange | undefined {
    return this.messageOf(host)?.exchange;
  }

  callOf(host: ArgumentsHost): object | undefined {
    return this.messageOf(host);
  }

  private messageOf(host: ArgumentsHost): Message | undefined {
    // Nest hands the array itself to guards, and copies of it to parameters.
    const args = host.getArgs<unknown[]>();
    const known = args.find((argument) => argument instanceof Message);
    if (known !== undefined) return known;
    const client = args[0];
    const exchange = typeof client === 'object' && client !== null ? this.sessions.exchangeOf(client) : undefined;
    if (exchange === undefined) return undefined;
    const message = new Message(exchange);
    // The pattern is the last one, by which Nest finds it.
    args.splice(args.length - 1, 0, message);
    return message;
  }

  /** As Nest's own filter tells the client of a gateway: by the event `exception`. */
  async refuse(pending: Promise<TransportRefusal>, host: ArgumentsHost): Promise<void> {
    const refusal = await pending;
    const client = host.switchToWs().getClient<SocketClient | undefined>();
    const pattern = host.switchToWs().getPattern();
    try {
      if (client === undefined) return;
      send(client, 'exception', { status: 'error', ...payloadOf(refusal), cause: { pattern } });
      this.sessions.endIfOver(client, refusal);
    } catch (error) {
      this.logger.error(logLine(`Telling a socket of an error failed: ${String(error)}`));
    }
  }
}
