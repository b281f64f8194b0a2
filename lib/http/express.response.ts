import type { ServerResponse } from 'node:http';
import { RawResponse } from './raw.response.js';

/** The part of Express's response that is used here; Express itself is not imported. */
export interface ExpressOriginalResponse extends ServerResponse {
  status(code: number): this;
  json(body: unknown): this;
  send(body?: unknown): this;
}

/** Node's response, which Express has given methods of its own. */
export class ExpressResponse extends RawResponse<ExpressOriginalResponse> {
  override setStatusCode(statusCode: number): void {
    this.original.status(statusCode);
  }

  protected override sendNow(content: unknown): void {
    this.original.send(content);
  }

  protected override ignoreLaterSends(): void {
    const original = this.original;
    original.json = () => original;
    original.send = () => original;
  }
}
