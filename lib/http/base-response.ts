import type { ServerResponse } from 'node:http';
import { stringifySetCookie } from 'cookie';
import { forbidStoring } from './no-store.js';

/** The `SameSite` attribute of a cookie. */
export type SameSite = 'strict' | 'lax' | 'none';

/**
 * A response as recipes and overrides see it, the same on Express and on Fastify.
 *
 * `sendJSONResponse` decides the answer, it does not put it on the wire: Nest sends it when the route is
 * done. Interceptors still run, and cookies set after it are not lost. What has been sent through
 * `original` is left alone.
 */
export abstract class BaseResponse<Original = unknown> {
  private customContent: { content: unknown } | undefined;
  private isStorable = true;

  /** @param original the framework's own response */
  constructor(readonly original: Original) {}

  /**
   * Sets a header.
   * @param allowDuplicateKey adds to the values already there instead of replacing them, each value once
   */
  setHeader(key: string, value: string, allowDuplicateKey: boolean): void {
    const present = allowDuplicateKey ? headerValues(this.readHeader(key)) : [];
    if (present.includes(value)) return;
    this.writeHeader(key, [...present, value].join(', '));
  }

  /**
   * A cookie of the same name, domain and path that this response already sets is replaced.
   * @param expires milliseconds since the Unix epoch
   */
  setCookie(
    key: string,
    value: string,
    domain: string | undefined,
    secure: boolean,
    httpOnly: boolean,
    expires: number,
    path: string,
    sameSite: SameSite,
  ): void {
    const cookie = stringifySetCookie({
      name: key,
      value,
      domain,
      secure,
      httpOnly,
      expires: new Date(expires),
      path,
      sameSite,
    });
    const identity = cookieIdentity(cookie);
    const others = setCookieValues(this.readHeader('set-cookie')).filter(
      (present) => cookieIdentity(present) !== identity,
    );
    this.writeHeader('set-cookie', [...others, cookie]);
  }

  /** The answer tells the client of a new access token, under whatever name. For responses that reach nobody by themselves. */
  onAccessToken(_accessToken: string): void {}

  /** Decides the body of the answer; the status is the one set, else 200. */
  sendJSONResponse(content: unknown): void {
    this.customContent ??= { content };
  }

  /** Whether the answer is decided: by `sendJSONResponse`, or because the original was sent. */
  get isSent(): boolean {
    return this.customContent !== undefined || this.isOriginalSent();
  }

  /** Whether nothing is left to say: unlike `isSent`, not where the application has only kept the framework out. */
  get isDecided(): boolean {
    return this.customContent !== undefined || this.isHeadSent;
  }

  /** What Nest is to send: the answer already decided, if there is one, else `result`. */
  settle(result: unknown): unknown {
    if (this.isOriginalSent()) {
      this.ignoreLaterSends();
      return undefined;
    }
    return this.customContent === undefined ? result : this.encode(this.customContent.content);
  }

  /** Whether status and headers are on their way, so that the client can be told nothing more by them. */
  get isHeadSent(): boolean {
    return this.node.headersSent || this.node.writableEnded;
  }

  /** The client has closed the connection before it was answered. */
  get isAbandoned(): boolean {
    return this.node.destroyed && !this.isHeadSent;
  }

  /** No cache keeps this answer, whatever its handler says of caching: it holds tokens, or takes them away. */
  forbidStoring(): void {
    if (this.isStorable) forbidStoring(this.node);
    this.isStorable = false;
  }

  /** Puts the decided answer on the wire, for places where no route will. */
  flush(): void {
    if (this.isOriginalSent() || this.customContent === undefined) return;
    this.sendNow(this.encode(this.customContent.content));
  }

  /**
   * Ends the answer after a failure, in whatever state it is: with what is decided where the client can still be told,
   * even if the framework was told to keep out; else by breaking it off, which no client takes for the whole.
   */
  conclude(): void {
    if (this.isHeadSent) {
      if (!this.node.writableEnded) this.node.destroy();
    } else if (this.isOriginalSent()) {
      this.sendByNode(this.encode(this.customContent?.content));
    } else {
      this.sendNow(this.encode(this.customContent?.content));
    }
  }

  /** What the frameworks send as JSON by themselves is left to them; text, numbers and null they would not. */
  private encode(content: unknown): unknown {
    if (content === undefined || (content !== null && typeof content === 'object')) return content;
    this.writeHeader('content-type', 'application/json; charset=utf-8');
    return JSON.stringify(content);
  }

  /** Sends without the framework. */
  protected sendByNode(content: unknown): void {
    const isText = typeof content === 'string' || content === undefined;
    this.node.setHeader('content-type', 'application/json; charset=utf-8');
    this.node.end(isText ? content : JSON.stringify(content));
  }

  /** Decides the status; the first call counts. */
  abstract setStatusCode(statusCode: number): void;
  /** Removes a header that was set before. */
  abstract removeHeader(key: string): void;

  /** Node's response, at which every framework ends. */
  protected abstract get node(): ServerResponse;
  /** The value of a header as it is now. */
  protected abstract readHeader(key: string): string | number | string[] | undefined;
  /** Writes a header to the framework's response. */
  protected abstract writeHeader(key: string, value: string | string[]): void;
  /** Sends the answer through the framework. */
  protected abstract sendNow(content: unknown): void;
  /** Whether the framework has sent an answer already. */
  protected abstract isOriginalSent(): boolean;
  /** Nest sends what a handler returns; after the application has sent its own, that must do nothing. */
  protected abstract ignoreLaterSends(): void;
}

function headerValues(header: string | number | string[] | undefined): string[] {
  if (header === undefined) return [];
  const text = Array.isArray(header) ? header.join(',') : String(header);
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function setCookieValues(header: string | number | string[] | undefined): string[] {
  if (header === undefined) return [];
  return Array.isArray(header) ? header : [String(header)];
}

/** RFC 6265 §5.3: a user agent keeps one cookie for each name, domain and path. */
function cookieIdentity(setCookie: string): string {
  const [pair = '', ...attributes] = setCookie.split(';').map((part) => part.trim());
  const scope = attributes.filter((attribute) => /^(domain|path)=/i.test(attribute)).map((a) => a.toLowerCase());
  return [pair.slice(0, pair.indexOf('=')), ...scope.sort()].join(';');
}
