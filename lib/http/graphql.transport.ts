import type { ArgumentsHost } from '@nestjs/common';
import { exchangeOf, type HttpExchange } from './http-exchange.js';
import { SessionTransport } from './session-transport.js';
import type { TransportRefusal } from './transport-refusal.js';

interface GraphqlContext {
  req?: unknown;
  request?: unknown;
  res?: unknown;
  response?: unknown;
  reply?: { request?: unknown };
}

/** Queries and mutations over HTTP: their request and response are in the context of GraphQL. Every application has it. */
export class GraphqlOverHttp extends SessionTransport {
  readonly type = 'graphql';

  /** `{ req, res }` of Apollo, `{ reply }` of Mercurius. */
  exchangeOf(host: ArgumentsHost): HttpExchange | undefined {
    const context = (host.getArgByIndex(2) ?? {}) as GraphqlContext;
    const request = context.req ?? context.request ?? context.reply?.request;
    const response = context.res ?? context.reply ?? context.response ?? (request as GraphqlContext | undefined)?.res;
    return exchangeOf(request, response);
  }

  /** The `info` of a resolver: many run at once for one request, and GraphQL makes one for each call. */
  callOf(host: ArgumentsHost): object | undefined {
    const info: unknown = host.getArgByIndex(3);
    return typeof info === 'object' && info !== null ? info : undefined;
  }

  /** @returns what a resolver gives as its result to have it reported as an error */
  async refuse(refusal: Promise<TransportRefusal>): Promise<Error> {
    const { message, details, code, reason, statusCode } = await refusal;
    // Apollo answers with that status, and Mercurius with `statusCode`: clients refresh by it.
    const extensions = { ...details, code, ...(reason && { reason }), http: { status: statusCode } };
    return Object.assign(new Error(message), { extensions, statusCode });
  }
}
