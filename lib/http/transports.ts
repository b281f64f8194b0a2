import { Injectable, type ArgumentsHost, type ExecutionContext } from '@nestjs/common';
import { ConfigurationError } from '../core/auth.error.js';
import { GraphqlOverHttp } from './graphql.transport.js';
import { httpExchangeOf, type HttpExchange } from './http-exchange.js';
import type { SessionTransport } from './session-transport.js';

const SUB_PATHS: Readonly<Record<string, string>> = {
  graphql: "GraphqlTransport.init() of 'latchkey/graphql'",
  rpc: "MicroserviceTransport.init() of 'latchkey/microservices'",
  ws: "WebSocketTransport.init() of 'latchkey/websockets'",
};

/** What carries the session of a call, on whatever transport it comes. */
@Injectable()
export class Transports {
  private readonly byType = new Map<string, SessionTransport>([['graphql', new GraphqlOverHttp()]]);

  /** Those of `AuthModule.forRoot`, at boot: they may inject what needs us. Of two for one type the later one counts. */
  register(transports: readonly SessionTransport[]): void {
    for (const transport of transports) this.byType.set(transport.type, transport);
  }

  /** @returns undefined for plain HTTP, and for transports that nobody has given */
  find(host: ArgumentsHost): SessionTransport | undefined {
    return this.byType.get(host.getType<string>());
  }

  /** The exchange that a call of the application belongs to: itself over plain HTTP. */
  exchangeOf(host: ArgumentsHost): HttpExchange | undefined {
    return host.getType<string>() === 'http' ? httpExchangeOf(host) : this.find(host)?.exchangeOf(host);
  }

  /** @throws {ConfigurationError} whose message ends with `fix` */
  requireExchange(context: ExecutionContext, fix: string): HttpExchange {
    const exchange = this.exchangeOf(context);
    if (exchange !== undefined) return exchange;
    const type = context.getType<string>();
    const transport = SUB_PATHS[type] ?? 'a class that extends SessionTransport';
    const isKnown = this.find(context) !== undefined && type !== 'graphql';
    throw new ConfigurationError(
      `The session of ${context.getClass().name}.${context.getHandler().name}: this call, of type '${type}', has no HTTP ` +
        `request with headers and no response, so that no session can be read. ` +
        (type === 'http' || isKnown ? fix : `Add ${transport} to transports of AuthModule.forRoot, or: ${fix}`),
    );
  }

  /** For transports whose connections end with the session. */
  tell(session: object, host: ArgumentsHost): void {
    this.find(host)?.verified?.(session, host);
  }

  /** @returns what `@Session()` parameters of this call are found by; undefined for plain HTTP, where it is the request */
  callOf(host: ArgumentsHost): object | undefined {
    return this.find(host)?.callOf(host);
  }
}
