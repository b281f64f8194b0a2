import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import type { INestApplication } from '@nestjs/common';

const DAY_MS = 86_400_000;

export interface SocketOptions {
  headers?: Record<string, string>;
  query?: Record<string, string>;
  /** socket.io's `auth: { token }`, and the header Authorization of others. */
  token?: string;
}

/** How a socket ended, or why there is none. */
export interface Ending {
  code?: string | number;
  reason?: string;
  [detail: string]: unknown;
}

/** A real client of a gateway: what it has heard, and what it hears next. */
export class SocketTestClient {
  private readonly heard: { event: string; data: unknown }[] = [];
  private readonly waiting: (() => void)[] = [];
  /** By the server. */
  readonly ended: Promise<Ending>;
  end!: (ending: Ending) => void;

  constructor(
    readonly send: (event: string, data?: unknown) => void,
    readonly close: () => void,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
  }

  hear(event: string, data: unknown): void {
    this.heard.push({ event, data });
    for (const again of this.waiting.splice(0)) again();
  }

  /** The data of the first event of such a name that nobody has asked for yet. */
  async next(...events: string[]): Promise<unknown> {
    for (;;) {
      const at = this.heard.findIndex(({ event }) => events.includes(event));
      if (at !== -1) return this.heard.splice(at, 1)[0]!.data;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** What the handler answers by the event `answer`, or why it does not. */
  async ask(event: string, data: unknown = {}): Promise<unknown> {
    this.send(event, data);
    return this.next('answer', 'exception');
  }
}

export interface SocketLibrary {
  adapter(app: INestApplication): IoAdapter | WsAdapter;
  /** Of a gateway with `namespace` on socket.io, and with `path` on ws. */
  gateway(name: string): { namespace: string } | { path: string };
  /** @returns a client, once the server has accepted it, or why it did not */
  open(url: string, name: string, options?: SocketOptions): Promise<SocketTestClient | Ending>;
}

const socketIo: SocketLibrary = {
  adapter: (app) => new IoAdapter(app),
  // Its client closes a socket when the clock of this process, which tests move, has gone on without a ping.
  gateway: (name) => ({ namespace: name, pingTimeout: DAY_MS }),
  open: (url, name, { headers, query, token } = {}) =>
    new Promise((resolve) => {
      const socket = io(`${url}/${name}`, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        extraHeaders: headers,
        query,
        auth: token === undefined ? undefined : { token },
      });
      const client = new SocketTestClient(
        (event, data) => socket.emit(event, data),
        () => socket.close(),
      );
      socket.onAny((event: string, data: unknown) => client.hear(event, data));
      let ending: Ending = {};
      socket.on('latchkey:ended', (data: Ending) => (ending = data));
      socket.on('disconnect', (how) => client.end({ how, ...ending }));
      socket.on('connect', () => resolve(client));
      socket.on('connect_error', (error: Error & { data?: Ending }) => {
        socket.close();
        resolve({ ...error.data, message: error.message });
      });
    }),
};

const ws: SocketLibrary = {
  adapter: (app) => new WsAdapter(app),
  gateway: (name) => ({ path: `/${name}` }),
  open: (url, name, { headers, query = {}, token } = {}) =>
    new Promise((resolve) => {
      const authorization = token === undefined ? undefined : { authorization: `Bearer ${token}` };
      const address = `${url.replace('http', 'ws')}/${name}?${new URLSearchParams(query)}`;
      const socket = new WebSocket(address, { headers: { ...headers, ...authorization } });
      const client = new SocketTestClient(
        (event, data) => socket.send(JSON.stringify({ event, data })),
        () => socket.close(),
      );
      socket.on('message', (text: Buffer) => {
        const { event, data } = JSON.parse(text.toString()) as { event: string; data: unknown };
        if (event === 'hello') resolve(client);
        client.hear(event, data);
      });
      socket.on('close', (code, reason) => {
        const ending = { code, reason: reason.toString() };
        client.end(ending);
        resolve(ending);
      });
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve({ code: response.statusCode });
      });
    }),
};

export const socketLibraries = { 'socket.io': socketIo, ws } as const;
