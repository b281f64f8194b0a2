import { Inject, Injectable, type ArgumentsHost } from '@nestjs/common';
import type { AuthError } from '../core/auth.error.js';
import { GraphqlOverHttp } from '../http/graphql.transport.js';
import type { HttpExchange } from '../http/http-exchange.js';
import type { TransportDefinition } from '../http/session-transport.js';
import { SessionWatch, type SessionContainer } from '../recipes/session/index.js';
import { SocketAdmission } from '../sockets/socket-admission.js';
import { connectionOf, type SubscriptionConnection } from './subscription-connection.js';

/** Clients of graphql-ws give up after this one … */
const UNAUTHORIZED = 4401;
/** … and connect again after this one, by when they have refreshed. */
const FORBIDDEN = 4403;

/**
 * Resolvers, over HTTP and over sockets: subscriptions carry the access token in their `connectionParams`, or cookies in their
 * handshake. A connection is closed when its session ends.
 */
@Injectable()
export class GraphqlTransport extends GraphqlOverHttp {
  @Inject(SocketAdmission) private readonly admission!: SocketAdmission;
  @Inject(SessionWatch) private readonly watch!: SessionWatch;
  private readonly exchanges = new WeakMap<object, HttpExchange>();
  private readonly watchedConnections = new WeakSet<object>();

  /** For `transports` of `AuthModule.forRoot`. */
  static init(): TransportDefinition {
    return { useClass: GraphqlTransport, providers: [SocketAdmission] };
  }

  override exchangeOf(host: ArgumentsHost): HttpExchange | undefined {
    const connection = connectionOf(host.getArgByIndex(2));
    if (connection === undefined) return super.exchangeOf(host);
    const call = this.callOf(host);
    if (call === undefined) return undefined;
    let exchange = this.exchanges.get(call);
    if (exchange === undefined) {
      exchange = this.admission.exchangeOf(this.admission.inspect(connection.handshake));
      this.exchanges.set(call, exchange);
    }
    return exchange;
  }

  override verified(session: SessionContainer, host: ArgumentsHost): void {
    const connection = connectionOf(host.getArgByIndex(2));
    if (connection === undefined || this.watchedConnections.has(connection.key)) return;
    this.watchedConnections.add(connection.key);
    const watched = this.watch.watch(session, { end: (error) => end(connection, error) });
    connection.onClose(() => watched.stop());
  }
}

function end(connection: SubscriptionConnection, { code }: AuthError): void {
  connection.close(code === 'TRY_REFRESH_TOKEN' ? FORBIDDEN : UNAUTHORIZED, code);
}
