import type { ArgumentsHost } from '@nestjs/common';

/** An HTTP request and its response, as the framework made them. */
export interface HttpExchange {
  request: unknown;
  response: unknown;
}

interface GraphqlContext {
  req?: unknown;
  request?: unknown;
  res?: unknown;
  response?: unknown;
  reply?: { request?: unknown };
}

/**
 * The exchange that a call of the application belongs to: itself over plain HTTP, and under GraphQL what its
 * context holds (`{ req, res }` of Apollo, `{ reply }` of Mercurius).
 * @returns undefined for messages of sockets and of microservices, and for a context that holds none
 */
export function exchangeOf(host: ArgumentsHost): HttpExchange | undefined {
  const { request, response } = readExchange(host);
  return isHttpRequest(request) && isObject(response) ? { request, response } : undefined;
}

function readExchange(host: ArgumentsHost): Partial<HttpExchange> {
  switch (host.getType<string>()) {
    case 'http': {
      const [request, response] = host.getArgs<[unknown, unknown]>();
      return { request, response };
    }
    case 'graphql': {
      const context = (host.getArgByIndex(2) ?? {}) as GraphqlContext;
      const request = context.req ?? context.request ?? context.reply?.request;
      const response = context.res ?? context.reply ?? context.response ?? (request as GraphqlContext | undefined)?.res;
      return { request, response };
    }
    default:
      return {};
  }
}

function isHttpRequest(value: unknown): boolean {
  const { method, headers } = (value ?? {}) as { method?: unknown; headers?: unknown };
  return typeof method === 'string' && isObject(headers);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
