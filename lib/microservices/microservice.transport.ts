import { Inject, Injectable, type ArgumentsHost } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { defer, from, mergeMap, throwError, type Observable } from 'rxjs';
import { AuthErrorFilter } from '../http/auth-error.filter.js';
import { createExchange } from '../http/detached.response.js';
import { answerErrorsOfHandlers } from '../http/handler-filters.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { SessionTransport, type TransportDefinition } from '../http/session-transport.js';
import type { TransportRefusal } from '../http/transport-refusal.js';
import { grpcErrorOf, grpcMetadataOf } from './grpc-call.js';
import { authorizationOf } from './message-headers.js';
import {
  checkMicroserviceTransportOptions,
  MICROSERVICE_TRANSPORT_OPTIONS,
  type MicroserviceTransportOptions,
} from './microservice.transport.options.js';
import { PATTERN_METADATA } from './nest-metadata.js';

/** Has our filter answer the errors of their handlers, in hybrid applications too. */
@Injectable()
class MicroserviceErrors {
  constructor(@Inject(ModulesContainer) modules: ModulesContainer, @Inject(AuthErrorFilter) filter: AuthErrorFilter) {
    answerErrorsOfHandlers(modules, filter, PATTERN_METADATA);
  }
}

/** Messages of microservices and calls of gRPC: each carries the access token of the user for whom it is sent. */
@Injectable()
export class MicroserviceTransport extends SessionTransport {
  readonly type = 'rpc';
  @Inject(MICROSERVICE_TRANSPORT_OPTIONS) private readonly options!: MicroserviceTransportOptions;
  private readonly exchanges = new WeakMap<object, HttpExchange>();

  /** For `transports` of `AuthModule.forRoot`. @throws {ConfigurationError} */
  static init(options: MicroserviceTransportOptions = {}): TransportDefinition {
    checkMicroserviceTransportOptions(options);
    return {
      useClass: MicroserviceTransport,
      providers: [{ provide: MICROSERVICE_TRANSPORT_OPTIONS, useValue: options }, MicroserviceErrors],
    };
  }

  exchangeOf(host: ArgumentsHost): HttpExchange | undefined {
    const call = this.callOf(host);
    if (call === undefined) return undefined;
    let exchange = this.exchanges.get(call);
    if (exchange === undefined) {
      exchange = createExchange({ headers: this.headersOf(host.getArgs<unknown[]>()) });
      this.exchanges.set(call, exchange);
    }
    return exchange;
  }

  /** The context, or the metadata of gRPC: both are made for each message. */
  callOf(host: ArgumentsHost): object | undefined {
    const args = host.getArgs<unknown[]>();
    const call: unknown = grpcMetadataOf(args) ?? args[1];
    return typeof call === 'object' && call !== null ? call : undefined;
  }

  /** @returns an Observable, as filters of microservices do */
  refuse(pending: Promise<TransportRefusal>, host: ArgumentsHost): Observable<never> {
    const metadata = grpcMetadataOf(host.getArgs<unknown[]>());
    return defer(() => from(pending)).pipe(
      mergeMap((refusal) => {
        const { code, reason, message, details } = refusal;
        const payload = { status: 'error', ...details, code, ...(reason && { reason }), message };
        return throwError(() => (metadata === undefined ? payload : grpcErrorOf(refusal, metadata, payload)));
      }),
    );
  }

  private headersOf(args: readonly unknown[]): { authorization?: string } {
    const { authorizationOf: find = () => authorizationOf(args) } = this.options;
    const found = find(args[0], args[1]);
    if (found === undefined) return {};
    return { authorization: /^bearer /i.test(found) ? found : `Bearer ${found}` };
  }
}
