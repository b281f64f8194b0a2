import { validateHeaderName, validateHeaderValue, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { BaseResponse } from './base-response.js';
import { beforeHead, pairsOf } from './before-head.js';

/** The part of Fastify's reply that is used here; Fastify itself is not imported. */
export interface FastifyOriginalResponse {
  readonly sent: boolean;
  readonly raw: ServerResponse;
  code(statusCode: number): unknown;
  header(key: string, value: string | string[]): unknown;
  getHeaders(): OutgoingHttpHeaders;
  getHeader(key: string): string | number | string[] | undefined;
  removeHeader(key: string): unknown;
  send(payload?: unknown): unknown;
}

export class FastifyResponse extends BaseResponse<FastifyOriginalResponse> {
  private ours: Set<string> | undefined;

  setStatusCode(statusCode: number): void {
    this.original.code(statusCode);
  }

  removeHeader(key: string): void {
    this.original.removeHeader(key);
  }

  protected get node(): ServerResponse {
    return this.original.raw;
  }

  protected readHeader(key: string): string | number | string[] | undefined {
    return this.original.getHeader(key);
  }

  protected writeHeader(key: string, value: string | string[]): void {
    // Fastify looks at them only when it sends, where an error ends the process and leaves the client waiting.
    validateHeaderName(key);
    for (const one of Array.isArray(value) ? value : [value]) validateHeaderValue(key, one);
    // Fastify adds to `set-cookie` where it replaces any other header.
    this.original.removeHeader(key);
    this.original.header(key, value);
    this.keepAtHead(key);
  }

  /** A handler that writes to Node's response leaves out what is on the reply: our tokens must not be lost by that. */
  private keepAtHead(key: string): void {
    if (this.ours === undefined) {
      const ours = (this.ours = new Set());
      beforeHead(this.node, (headers = {}) => {
        const present = new Set(pairsOf(headers).map(([name]) => name.toLowerCase()));
        for (const name of ours) {
          const value = this.original.getHeader(name);
          if (value !== undefined && !present.has(name) && !this.node.hasHeader(name)) this.node.setHeader(name, value);
        }
      });
    }
    this.ours.add(key.toLowerCase());
  }

  protected sendNow(content: unknown): void {
    this.original.send(content);
  }

  /** For a hijacked reply, whose headers Fastify would send no more. */
  protected override sendByNode(content: unknown): void {
    for (const [name, value] of Object.entries(this.original.getHeaders())) {
      if (value !== undefined) this.node.setHeader(name, value);
    }
    super.sendByNode(content);
  }

  protected isOriginalSent(): boolean {
    return this.original.sent || this.original.raw.headersSent;
  }

  protected ignoreLaterSends(): void {
    const original = this.original;
    original.send = () => original;
  }
}
