import type { ServerResponse } from 'node:http';
import { BaseResponse } from './base-response.js';
import type { FrameworkRequest } from './base-request.js';
import type { HttpExchange } from './http-exchange.js';

/** A token that would have reached the client by the response. */
export type TokenListener = (accessToken: string) => void;

/**
 * The response of a call that has none, such as a message of a socket: headers and cookies go nowhere. Only of a new access
 * token somebody may be told.
 */
class DetachedResponse extends BaseResponse<undefined> {
  constructor(private readonly listener?: TokenListener) {
    super(undefined);
  }

  override setHeader(): void {}
  override setCookie(): void {}

  override onAccessToken(accessToken: string): void {
    this.listener?.(accessToken);
  }

  override get isHeadSent(): boolean {
    return false;
  }

  override get isAbandoned(): boolean {
    return false;
  }

  override forbidStoring(): void {}
  override flush(): void {}
  override conclude(): void {}
  setStatusCode(): void {}
  removeHeader(): void {}

  protected get node(): ServerResponse {
    throw new Error('This call has no response');
  }

  protected readHeader(): undefined {}
  protected writeHeader(): void {}
  protected sendNow(): void {}
  protected isOriginalSent(): boolean {
    return false;
  }
  protected ignoreLaterSends(): void {}
}

/** What a call of another transport carries. */
export interface CarriedByCall {
  /** Names in lower case, as Node has them: `authorization`, `cookie`. */
  headers: FrameworkRequest['headers'];
  /** The path and query that the client called, if it did. */
  url?: string;
  /** Told of a new access token, when a handler or a claim has changed the payload. */
  onAccessToken?: TokenListener;
}

/** For transports: the exchange of a call that is no HTTP request, made of the headers that it carries. */
export function createExchange({ headers, url = '/', onAccessToken }: CarriedByCall): HttpExchange {
  // A method that needs no anti-CSRF token: no form of another site could cause such a call.
  const request: FrameworkRequest = { method: 'GET', headers, originalUrl: url, url };
  return { request, response: new DetachedResponse(onAccessToken) };
}
