import { readCookieValues } from './cookies.js';

/** An HTTP method in lower case. */
export type HTTPMethod = 'get' | 'post' | 'put' | 'delete' | 'patch' | 'options' | 'head' | 'trace';

/** What Express's and Fastify's own requests have in common. */
export interface FrameworkRequest {
  method: string;
  headers: Record<string, string | string[] | undefined>;
  originalUrl: string;
  url?: string;
  query?: unknown;
  body?: unknown;
}

/** A request as recipes and overrides see it, the same on Express and on Fastify. */
export class BaseRequest<Original extends FrameworkRequest = FrameworkRequest> {
  /** @param original the framework's own request */
  constructor(readonly original: Original) {}

  /** @returns undefined also where the parameter is given more than once or is not text */
  async getKeyValueFromQuery(key: string): Promise<string | undefined> {
    const query = this.original.query as Record<string, unknown> | undefined;
    const value = query !== undefined && Object.hasOwn(query, key) ? query[key] : undefined;
    return typeof value === 'string' ? value : undefined;
  }

  /** The body as Nest's own parser made it, from JSON or from a form; undefined without one. */
  async getJSONBody(): Promise<unknown> {
    return this.original.body;
  }

  /** The HTTP method, in lower case. */
  getMethod(): HTTPMethod {
    return this.original.method.toLowerCase() as HTTPMethod;
  }

  /** @returns the first cookie of that name, decoded */
  getCookieValue(key: string): string | undefined {
    return this.getCookieValues(key)[0];
  }

  /** A browser may send several cookies of one name, set for different domains or paths. */
  getCookieValues(key: string): string[] {
    const header = this.original.headers.cookie;
    return typeof header === 'string' ? readCookieValues(header, key) : [];
  }

  /** The value of a header, whatever the case of its name; several are joined as Node joins them. */
  getHeaderValue(key: string): string | undefined {
    const value = this.original.headers[key.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** The path and query as the client sent them. */
  getOriginalURL(): string {
    // Nest's middleware on Fastify is given Node's own request, which has but one address.
    return this.original.originalUrl ?? this.original.url ?? '';
  }
}
