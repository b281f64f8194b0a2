import type { ServerResponse } from 'node:http';
import { BaseResponse, type SameSite } from './base-response.js';

/** What clients of GraphQL look at, as Apollo and Nest name it. */
const CODES: Readonly<Record<number, string>> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
};

/**
 * Takes what would be the answer of a route. Under GraphQL an error belongs to one field of the answer, so that only
 * headers and cookies reach the response itself.
 */
export class GraphqlAnswer extends BaseResponse<BaseResponse> {
  private statusCode = 200;
  private content: unknown;

  /** @returns what a resolver gives as its result to have it reported as an error */
  toError(): Error {
    const { message = 'Internal server error', ...others } = (this.content ?? {}) as { message?: string };
    const { statusCode } = this;
    const code = CODES[statusCode] ?? 'INTERNAL_SERVER_ERROR';
    // Apollo answers with that status, and Mercurius with `statusCode`: clients refresh by it.
    const extensions = { ...others, code, http: { status: statusCode } };
    return Object.assign(new Error(message), { extensions, statusCode });
  }

  override sendJSONResponse(content: unknown): void {
    this.content ??= content;
  }

  override get isSent(): boolean {
    return this.content !== undefined;
  }

  override get isDecided(): boolean {
    return this.isSent;
  }

  override setHeader(key: string, value: string, allowDuplicateKey: boolean): void {
    if (!this.original.isHeadSent) this.original.setHeader(key, value, allowDuplicateKey);
  }

  override setCookie(
    ...cookie: [string, string, string | undefined, boolean, boolean, number, string, SameSite]
  ): void {
    if (!this.original.isHeadSent) this.original.setCookie(...cookie);
  }

  override forbidStoring(): void {
    this.original.forbidStoring();
  }

  setStatusCode(statusCode: number): void {
    this.statusCode = statusCode;
  }

  removeHeader(key: string): void {
    if (!this.original.isHeadSent) this.original.removeHeader(key);
  }

  protected get node(): ServerResponse {
    return this.original.original as ServerResponse;
  }

  protected readHeader(): undefined {}
  protected writeHeader(): void {}
  protected sendNow(): void {}
  protected isOriginalSent(): boolean {
    return false;
  }
  protected ignoreLaterSends(): void {}
}
