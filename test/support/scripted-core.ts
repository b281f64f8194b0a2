import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** Text as it is; anything else as JSON. */
  body?: unknown;
}

/** Answers in full, or does with the response what it likes and returns nothing. */
export type Script = (
  request: SeenRequest,
  response: ServerResponse,
) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>;

/** A core that does what a real one does only when something is wrong; `/apiversion` is answered by itself. */
export class ScriptedCore {
  readonly seen: SeenRequest[] = [];
  versions: unknown = ['5.3', '5.4', '5.6'];

  private constructor(
    private readonly server: Server,
    public script: Script,
  ) {}

  /** @param port a free one by default */
  static async start(script: Script, port = 0): Promise<ScriptedCore> {
    const server = createServer();
    const core = new ScriptedCore(server, script);
    server.on('request', (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', core.url);
      const { method = 'GET', headers } = request;
      void text(request)
        .then(async (body) => core.answer({ method, path: pathname, query: searchParams, headers, body }, response))
        .catch(() => response.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return core;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How often a path was asked for. */
  count(path: string): number {
    return this.seen.filter((request) => request.path === path).length;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: SeenRequest, response: ServerResponse): Promise<void> {
    this.seen.push(request);
    const isVersions = request.path.endsWith('/apiversion') && Array.isArray(this.versions);
    const scripted = isVersions ? { body: { versions: this.versions } } : await this.script(request, response);
    if (scripted === undefined) return;
    const { status = 200, headers = {}, body = { status: 'OK' } } = scripted;
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
    response.end(isText ? body : JSON.stringify(body));
  }
}
