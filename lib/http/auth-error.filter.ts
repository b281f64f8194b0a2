import { Catch, Injectable, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { throwError } from 'rxjs';
import { AuthError } from '../core/auth.error.js';
import { logLine, stackLines } from '../core/log-line.js';
import { AuthErrorAnswers } from './auth-error-answers.js';
import type { BaseResponse } from './base-response.js';
import { wrapRequest, wrapResponse } from './framework.js';
import { createExchange } from './detached.response.js';
import { httpExchangeOf, type HttpExchange } from './http-exchange.js';
import { FILTER_CATCH_EXCEPTIONS } from './nest-metadata.js';
import type { SessionTransport } from './session-transport.js';
import { sendSocketError } from './socket-error.js';
import { TransportAnswer } from './transport-answer.js';
import { refusalOf, type TransportRefusal } from './transport-refusal.js';
import { Transports } from './transports.js';

/**
 * Turns every `AuthError` into an answer, on our routes and on the application's guarded ones. Whatever the transport, and
 * however far the answer has come: it ends, and nothing is thrown, since Nest does not wait for the filters of routes,
 * and what they throw ends the process.
 */
@Injectable()
@Catch(AuthError)
export class AuthErrorFilter implements ExceptionFilter<AuthError> {
  private readonly logger = new Logger('Latchkey');

  constructor(
    private readonly answers: AuthErrorAnswers,
    private readonly application: ApplicationConfig,
    private readonly transports: Transports,
  ) {}

  /**
   * Of the global filters the last one that matches answers, and an application's catch-all would make
   * a 500 of "try refresh token". So this one goes behind them all, but before those that were written
   * for an `AuthError`. To be called after the application has registered its own, before Nest makes the routes.
   */
  register(): void {
    const filters = this.application.getGlobalFilters().filter((filter) => catchesAuthErrors(filter.constructor));
    this.application.useGlobalFilters(this, ...filters);
    this.registerBehindRequestScoped([this, ...filters]);
  }

  /** Nest asks filters that are made for each request before all others. */
  private registerBehindRequestScoped(filters: ExceptionFilter[]): void {
    const scoped = [...this.application.getGlobalRequestFilters()];
    if (scoped.length === 0) return;
    const wrappers = scoped.filter(({ metatype }) => metatype !== null && catchesAuthErrors(metatype));
    const ready = filters.map((instance) => new InstanceWrapper<ExceptionFilter>({ instance, isResolved: true }));
    for (const wrapper of [...ready, ...wrappers]) this.application.addGlobalRequestFilter(wrapper);
  }

  /** @returns what the transport takes for a refusal; nothing over plain HTTP */
  catch(error: AuthError, host: ArgumentsHost): unknown {
    const transport = this.transports.find(host);
    if (transport !== undefined) return transport.refuse(this.describe(error, findExchange(transport, host)), host);
    switch (host.getType<string>()) {
      case 'rpc':
        return throwError(() => ({ status: 'error', message: this.answers.logAndDescribe(error) }));
      case 'ws':
        return this.answerSocket(error, host.switchToWs().getClient());
      default:
        return this.answerHttp(error, httpExchangeOf(host));
    }
  }

  /** The answer that a route would give, for another transport to tell. */
  async describe(error: AuthError, exchange?: HttpExchange): Promise<TransportRefusal> {
    const { request, response } = exchange ?? createExchange({ headers: {} });
    try {
      const answer = new TransportAnswer(wrapResponse(response));
      await this.decide(error, request, answer);
      return answer.toRefusal(error);
    } catch (failure) {
      this.logFailure(error, failure);
      return refusalOf(error, 500, undefined);
    }
  }

  private async answerHttp(error: AuthError, exchange: HttpExchange | undefined): Promise<void> {
    if (exchange === undefined) return void this.answers.logAndDescribe(error);
    try {
      const response = wrapResponse(exchange.response);
      // An override has answered, or is about to.
      if (error.code === 'OWN_RESPONSE_SENT') return response.flush();
      await this.decide(error, exchange.request, response);
      response.conclude();
    } catch (failure) {
      this.logFailure(error, failure);
      breakOff(exchange.response);
    }
  }

  private answerSocket(error: AuthError, client: unknown): void {
    try {
      sendSocketError(client, this.answers.logAndDescribe(error));
    } catch (failure) {
      this.logFailure(error, failure);
    }
  }

  private async decide(error: AuthError, request: unknown, response: BaseResponse): Promise<void> {
    // Nobody can be told any more.
    if (response.isHeadSent) return void this.answers.logAndDescribe(error);
    try {
      await this.answers.answer(error, wrapRequest(request), response);
    } catch (failure) {
      this.logFailure(error, failure);
      response.setStatusCode(500);
      response.sendJSONResponse({ message: 'Internal server error' });
    }
  }

  /** The failure of an application's handler, which may repeat what the request holds. */
  private logFailure({ code }: AuthError, failure: unknown): void {
    this.logger.error(logLine(`Answering ${code} failed: ${String(failure)}`), stackLines(failure));
  }
}

/** The error may be that of looking for it. */
function findExchange(transport: SessionTransport, host: ArgumentsHost): HttpExchange | undefined {
  try {
    return transport.exchangeOf(host);
  } catch {
    return undefined;
  }
}

/** For what is no response that we know, or one that refuses to be sent. */
function breakOff(response: unknown): void {
  const { raw = response } = response as { raw?: unknown };
  (raw as { destroy?: () => void }).destroy?.();
}

/** Whether it was written for them, and catches not just everything. */
export function catchesAuthErrors(filter: Function): boolean {
  const types: unknown[] = Reflect.getMetadata(FILTER_CATCH_EXCEPTIONS, filter) ?? [];
  return types.some(
    (type) => typeof type === 'function' && (type === AuthError || type.prototype instanceof AuthError),
  );
}
