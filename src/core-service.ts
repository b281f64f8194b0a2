import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { CoreServiceModule } from './core-service.module.js';
import type { CoreServiceOptions } from './core-service.options.js';
import { Metrics } from './operations/metrics.js';
import { observeRequests, requestIdOf } from './operations/request-observer.js';
import { ServiceLogger } from './operations/service.logger.js';
import { RequestAddresses } from './wire/request-addresses.js';

const BODY_LIMIT_BYTES = 1_048_576;
/** How long a client may take for the head of a request, and for all of it. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks for clients that take longer. */
const CONNECTIONS_CHECK_MS = 2000;

/**
 * Makes the core service; it listens when it is told to.
 * @throws {ConfigurationError} the database cannot be opened as configured
 */
export async function createCoreService(options: CoreServiceOptions): Promise<NestFastifyApplication> {
  const addresses = new RequestAddresses();
  const metrics = new Metrics();
  const { headersTimeoutMs = HEADERS_TIMEOUT_MS, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const adapter = new FastifyAdapter({
    rewriteUrl: (request: IncomingMessage) => addresses.rewrite(request),
    genReqId: (request: IncomingMessage) => requestIdOf(request),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(CONNECTIONS_CHECK_MS, headersTimeoutMs),
    },
  });
  const server = adapter.getInstance();
  server.addHook('onRoute', ({ url }) => addresses.add(url));
  observeRequests(server, { addresses, metrics });
  // As text, so that it is read only once the client has shown its key.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  const { logLevel = 'log' } = options;
  return NestFactory.create<NestFastifyApplication>(CoreServiceModule.of(options, addresses, metrics), adapter, {
    logger: logLevel === 'off' ? false : new ServiceLogger(logLevel),
    bodyParser: false,
    abortOnError: false,
  });
}
