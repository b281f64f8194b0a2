import type { ServerResponse } from 'node:http';
import { BaseResponse } from './base-response.js';

/** The part of Express's response that is used here; Express itself is not imported. */
export interface ExpressOriginalResponse extends ServerResponse {
  status(code: number): this;
  json(body: unknown): this;
  send(body?: unknown): this;
}

export class ExpressResponse extends BaseResponse<ExpressOriginalResponse> {
  setStatusCode(statusCode: number): void {
    this.original.status(statusCode);
  }

  removeHeader(key: string): void {
    this.original.removeHeader(key);
  }

  protected get node(): ServerResponse {
    return this.original;
  }

  protected readHeader(key: string): string | number | string[] | undefined {
    return this.original.getHeader(key);
  }

  protected writeHeader(key: string, value: string | string[]): void {
    this.original.setHeader(key, value);
  }

  protected sendNow(content: unknown): void {
    this.original.send(content);
  }

  protected isOriginalSent(): boolean {
    return this.original.headersSent;
  }

  protected ignoreLaterSends(): void {
    const original = this.original;
    original.json = () => original;
    original.send = () => original;
  }
}
