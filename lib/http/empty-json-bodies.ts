import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { PublicPaths } from './public-paths.js';

interface FastifyLike {
  addHook(name: 'onRequest', hook: (request: FastifyLikeRequest, reply: unknown, done: () => void) => void): void;
}

interface FastifyLikeRequest {
  url: string;
  headers: Record<string, unknown>;
}

/**
 * Some clients name JSON as the type of a body that they do not send. Express takes it for no body, and Fastify for bad
 * JSON: on our routes it is no body on both.
 */
@Injectable()
export class EmptyJsonBodies {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly paths: PublicPaths,
  ) {}

  /** To be called before Nest makes the routes: Fastify's hooks count for the routes that follow. */
  accept(): void {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (adapter?.getType() !== 'fastify') return;
    const ours = `${this.paths.servedBasePath}/`;
    adapter.getInstance<FastifyLike>().addHook('onRequest', (request, _reply, done) => {
      const { url, headers } = request;
      if (headers['content-length'] === '0' && url.startsWith(ours)) delete headers['content-type'];
      done();
    });
  }
}
