import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gateway {
  /** Without a trailing slash. */
  url: string;
  close(): Promise<void>;
}

/** A reverse proxy on the loopback address that takes a prefix away, as nginx does by `location /api/ { proxy_pass http://app/; }`. */
export async function startGateway(prefix: string, target: string): Promise<Gateway> {
  const server = createServer((incoming, answer) => {
    const { method, headers, url = '/' } = incoming;
    if (!url.startsWith(`${prefix}/`)) return void answer.writeHead(404).end();
    const outgoing = sendRequest(target + url.slice(prefix.length), { method, headers, agent: false });
    outgoing.on('response', (response) => {
      answer.writeHead(response.statusCode!, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
