import type { ArgumentsHost } from '@nestjs/common';

/** An HTTP request and its response, as the framework made them, or what stands for them on another transport. */
export interface HttpExchange {
  request: unknown;
  response: unknown;
}

/** @returns undefined for calls of other transports, and where there is neither a request nor a response */
export function httpExchangeOf(host: ArgumentsHost): HttpExchange | undefined {
  if (host.getType<string>() !== 'http') return undefined;
  const [request, response] = host.getArgs<[unknown, unknown]>();
  return exchangeOf(request, response);
}

/** @returns undefined unless these are a request with a method and headers, and a response */
export function exchangeOf(request: unknown, response: unknown): HttpExchange | undefined {
  return isHttpRequest(request) && isObject(response) ? { request, response } : undefined;
}

function isHttpRequest(value: unknown): boolean {
  const { method, headers } = (value ?? {}) as { method?: unknown; headers?: unknown };
  return typeof method === 'string' && isObject(headers);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
