import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

/** A request as it goes over the wire: `fetch` would correct or refuse what these tests send. */
export interface RawRequest {
  /** @default 'POST' where there is a body, else 'GET' */
  method?: string;
  path: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Undefined where the body is not JSON. */
  json: unknown;
}

export function sendRaw(url: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answered = false;
    const request = httpRequest({
      hostname,
      port,
      path,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...lengthOf(body, headers), ...headers },
      agent: false,
    });
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode!, headers: response.headers, text, json: parse(text) });
      });
    });
    // A server that refuses a body need not read it to its end.
    request.on('error', (error) => answered || reject(error));
    request.end(body);
  });
}

function lengthOf(body: RawRequest['body'], headers: RawRequest['headers'] = {}): Record<string, string> {
  if (body === undefined || 'transfer-encoding' in headers) return {};
  return { 'content-length': String(Buffer.byteLength(body)) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
