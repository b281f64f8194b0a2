import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cdiRequestOf } from '../wire/cdi-request.js';
import type { RequestAddresses } from '../wire/request-addresses.js';
import type { Metrics } from './metrics.js';
import { requestIds } from './service.logger.js';

const SANE_REQUEST_ID = /^[\w.:-]{1,64}$/;

/** @returns the id the client gave the request, unless it could forge lines of a log */
export function requestIdOf({ headers }: IncomingMessage): string {
  const header = headers['x-request-id'];
  return typeof header === 'string' && SANE_REQUEST_ID.test(header) ? header : randomUUID();
}

interface Observers {
  addresses: RequestAddresses;
  metrics: Metrics;
}

/** Measures and notes every request: its route and outcome, never its query, its headers or its body. */
export function observeRequests(server: FastifyInstance, { addresses, metrics }: Observers): void {
  const logger = new Logger('Http');

  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    requestIds.run(request.id, done);
  });
  // Fastify's `onResponse` is not called where the client has gone before the answer.
  server.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, payload, done) => {
    const note = () => noteAnswered(request, reply);
    if (reply.raw.destroyed) note();
    else reply.raw.once('close', note);
    done(null, payload);
  });

  function noteAnswered(request: FastifyRequest, reply: FastifyReply): void {
    const { method } = request;
    const address = addresses.of(request.raw);
    const answered = {
      method,
      route: address?.path,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 100) / 100,
    };
    cdiRequestOf(request)?.app.leave();
    metrics.observe(answered);
    const about = address === undefined ? {} : { appId: address.appId, tenantId: address.tenantId };
    logger.log('request', { ...answered, ...about, requestId: request.id });
  }
}
