import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

const read = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
/** Signed by itself, for the address 127.0.0.1. */
export const certificate = read('certificate');
const key = read('key');

/** What a client sends that wants to go on encrypted: its length and a code. @see PostgreSQL 18, §54.2.11 */
const SSL_REQUEST_BYTES = 8;

export interface PostgresBehindTls {
  port: number;
  close(): Promise<void>;
}

/** Speaks TLS for a real PostgreSQL, which our test server does not. */
export async function startPostgresBehindTls(url: string): Promise<PostgresBehindTls> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('readable', () => {
      if (socket.read(SSL_REQUEST_BYTES) === null) return void socket.destroy();
      socket.write('S');
      const encrypted = new TLSSocket(socket, { isServer: true, cert: certificate, key });
      const inner = connect(Number(port), hostname);
      sockets.add(inner);
      for (const [from, to] of [[encrypted, inner] as const, [inner, encrypted] as const]) {
        from.on('error', () => to.destroy()).on('close', () => to.destroy());
        from.pipe(to);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
