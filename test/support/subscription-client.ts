import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface SubscriptionOptions {
  connectionParams?: Record<string, unknown>;
  headers?: Record<string, string>;
  query?: string;
}

/** A subscription over a real socket: its first result, or its errors, and the code by which the server closes it. */
export function subscribe(url: string, query: string, options: SubscriptionOptions = {}) {
  class WithHeaders extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols, { headers: options.headers });
    }
  }
  let tellClosed: (code: number) => void;
  const closed = new Promise<number>((resolve) => (tellClosed = resolve));
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql${options.query ?? ''}`,
    webSocketImpl: WithHeaders,
    connectionParams: options.connectionParams,
    retryAttempts: 0,
    on: { closed: (event) => tellClosed((event as { code: number }).code) },
  });
  const first = new Promise<unknown>((resolve) => {
    client.subscribe(
      { query },
      { next: (result) => resolve(result.errors ?? result), error: resolve, complete: () => resolve('complete') },
    );
  });
  return { first, closed, close: () => client.dispose() };
}
