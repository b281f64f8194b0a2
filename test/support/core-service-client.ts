/** What the core service answered. */
export interface CoreAnswer {
  status: number;
  contentType: string | null;
  headers: Headers;
  text: string;
  /** Undefined where it is not JSON. */
  json: unknown;
}

export interface CoreCall {
  body?: unknown;
  headers?: Record<string, string>;
}

/** Calls the core service as a driver does, one route at a time. */
export class CoreServiceClient {
  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  get(path: string, call: CoreCall = {}): Promise<CoreAnswer> {
    return this.send('GET', path, call);
  }

  post(path: string, body: unknown = {}, headers: CoreCall['headers'] = {}): Promise<CoreAnswer> {
    return this.send('POST', path, { body, headers });
  }

  put(path: string, body: unknown = {}, headers: CoreCall['headers'] = {}): Promise<CoreAnswer> {
    return this.send('PUT', path, { body, headers });
  }

  async send(method: string, path: string, { body, headers }: CoreCall = {}): Promise<CoreAnswer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json; charset=utf-8', ...this.headers, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      contentType: response.headers.get('content-type'),
      headers: response.headers,
      text,
      json: parse(text),
    };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The form of a refusal: text that drivers repeat. */
export function refusal(status: number, text: string) {
  return { status, contentType: 'text/html; charset=utf-8', text: `${text}\n` };
}
