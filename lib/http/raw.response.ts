import type { ServerResponse } from 'node:http';
import { BaseResponse } from './base-response.js';

/** Node's own response: what Nest's middleware is given on Fastify. */
export class RawResponse<Original extends ServerResponse = ServerResponse> extends BaseResponse<Original> {
  setStatusCode(statusCode: number): void {
    this.original.statusCode = statusCode;
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
    this.sendByNode(content);
  }

  protected isOriginalSent(): boolean {
    return this.original.headersSent;
  }

  /** Nothing is sent by itself: middleware calls `next` or not. */
  protected ignoreLaterSends(): void {}
}
