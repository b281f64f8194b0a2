import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Port } from '../../lib/core/core.js';
import type { App } from '../apps/app.js';
import type { CdiVersion } from './cdi-version.js';
import { BodyFields, QueryFields } from './fields.js';

/** A request that was let in: which app and tenant it concerns, and what it says. */
export class CdiRequest {
  constructor(
    /** The app that the path names, with its core. */
    readonly app: App,
    /** `public` where the path names none. */
    readonly tenantId: string,
    /** What the driver speaks. */
    readonly version: CdiVersion,
    private readonly request: FastifyRequest,
  ) {}

  /** @throws {BadInputError} it is not a JSON object */
  get body(): BodyFields {
    return BodyFields.parse(this.request.body);
  }

  /** Whether the driver has closed the connection, so that nobody waits for the answer. */
  readonly isAbandoned = (): boolean => this.request.raw.socket.destroyed;

  /** What the address says after its question mark. */
  get query(): QueryFields {
    const url = this.request.raw.url ?? '';
    const queryAt = url.indexOf('?');
    return new QueryFields(new URLSearchParams(queryAt === -1 ? '' : url.slice(queryAt)));
  }
}

const admitted = new WeakMap<FastifyRequest, CdiRequest>();

export function rememberCdiRequest(request: FastifyRequest, cdi: CdiRequest): void {
  admitted.set(request, cdi);
}

export function cdiRequestOf(request: FastifyRequest): CdiRequest | undefined {
  return admitted.get(request);
}

/** The parameter of a handler that is given the request. */
export const Cdi = createParamDecorator((_: unknown, context: ExecutionContext) => cdiRequestIn(context));

/** The parameter of a handler that is given a port of the app's core. */
export const CorePort = createParamDecorator((port: Port<unknown>, context: ExecutionContext) =>
  cdiRequestIn(context).app.core.port(port),
);

function cdiRequestIn(context: ExecutionContext): CdiRequest {
  return admitted.get(context.switchToHttp().getRequest<FastifyRequest>())!;
}
