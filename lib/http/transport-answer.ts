import type { ServerResponse } from 'node:http';
import type { AuthError } from '../core/auth.error.js';
import { BaseResponse, type SameSite } from './base-response.js';
import { refusalOf, type TransportRefusal } from './transport-refusal.js';

/**
 * Takes what would be the answer of a route, for transports on which an error is no answer to a whole request: only headers
 * and cookies reach the response itself, where there is one.
 */
export class TransportAnswer extends BaseResponse<BaseResponse> {
  private statusCode = 200;
  private content: unknown;

  /** @returns the answer as far as it is decided */
  toRefusal(error: AuthError): TransportRefusal {
    return refusalOf(error, this.statusCode, this.content);
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

  override get isHeadSent(): boolean {
    return false;
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
