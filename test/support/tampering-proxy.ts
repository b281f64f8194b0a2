import { once } from 'node:events';
import {
  createServer,
  request as sendRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface ServerAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** What is done with the requests of one path instead of passing their answers on as they are. */
type Tampering =
  /** Answers in place of the server, or changes what it answered. */
  | { change: (answer: ServerAnswer, request: SeenRequest) => ServerAnswer | Promise<ServerAnswer> }
  /** Holds every answer back until the promise settles. */
  | { until: Promise<unknown> }
  /** Ends the connection without an answer. */
  | 'broken';

/** A server on the loopback address in front of another one, which sees everything and can spoil any answer. */
export class TamperingProxy {
  readonly requests: SeenRequest[] = [];
  private readonly tamperings = new Map<string, Tampering>();

  private constructor(
    private readonly front: Server,
    private readonly inner: Server,
  ) {}

  /** @param handler the server behind, which sees the address of the proxy as its own */
  static async start(handler: RequestListener): Promise<TamperingProxy> {
    const inner = createServer(handler).listen(0, '127.0.0.1');
    const front = createServer().listen(0, '127.0.0.1');
    await Promise.all([once(inner, 'listening'), once(front, 'listening')]);
    const proxy = new TamperingProxy(front, inner);
    front.on('request', (request, response) => {
      proxy.pass(request).then(
        (answer) => {
          if (answer === undefined) return response.destroy();
          return response.writeHead(answer.status, answer.headers).end(answer.body);
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    return proxy;
  }

  /** Without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.front.address() as AddressInfo).port}`;
  }

  /** The requests to one path, the oldest first. */
  to(path: string): SeenRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  tamper(path: string, tampering: Tampering): void {
    this.tamperings.set(path, tampering);
  }

  /** As `tamper`, with the same answer to everything; anything but text is sent as JSON. */
  answer(path: string, body: unknown, status = 200, headers: ServerAnswer['headers'] = {}): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/html' : 'application/json';
    this.tamper(path, { change: () => ({ status, headers: { 'content-type': type, ...headers }, body: text }) });
  }

  /** Holds back every answer at a path. @returns a function that lets them go */
  hold(path: string): () => void {
    const released = new AbortController();
    this.tamper(path, { until: once(released.signal, 'abort') });
    return () => released.abort();
  }

  /** Passes everything on again, and forgets what it has seen. */
  reset(): void {
    this.tamperings.clear();
    this.requests.length = 0;
  }

  /** Stops listening: connections are refused from now on. */
  async close(): Promise<void> {
    for (const server of [this.front, this.inner]) {
      server.closeAllConnections();
      server.close();
    }
  }

  private async pass(incoming: IncomingMessage): Promise<ServerAnswer | undefined> {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', this.url);
    const body = await textOf(incoming);
    const { method = 'GET', headers } = incoming;
    const seen: SeenRequest = { method, path: pathname, query: searchParams, headers, body };
    this.requests.push(seen);
    const tampering = this.tamperings.get(pathname);
    if (tampering === 'broken') return undefined;
    if (tampering !== undefined && 'until' in tampering) await tampering.until;
    const answer = await this.forward(incoming, body);
    return tampering !== undefined && 'change' in tampering ? tampering.change(answer, seen) : answer;
  }

  private async forward({ method, url, headers }: IncomingMessage, body: string): Promise<ServerAnswer> {
    const { port } = this.inner.address() as AddressInfo;
    const outgoing = sendRequest({ host: '127.0.0.1', port, method, path: url, headers, agent: false });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const { 'transfer-encoding': _encoding, 'content-length': _length, connection: _, ...kept } = response.headers;
    return { status: response.statusCode ?? 0, headers: kept, body: await textOf(response) };
  }
}

export async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
