import { Catch, Injectable, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { AuthError } from '../core/auth.error.js';
import { AuthErrorAnswers } from './auth-error-answers.js';
import { wrapRequest, wrapResponse } from './framework.js';
import { FILTER_CATCH_EXCEPTIONS } from './nest-metadata.js';

/** Turns every `AuthError` into the wire's answer, on our routes and on the application's guarded ones. */
@Injectable()
@Catch(AuthError)
export class AuthErrorFilter implements ExceptionFilter<AuthError> {
  private readonly logger = new Logger('Latchkey');

  constructor(
    private readonly answers: AuthErrorAnswers,
    private readonly application: ApplicationConfig,
  ) {}

  /**
   * Of the global filters the last one that matches answers, and an application's catch-all would make
   * a 500 of "try refresh token". So this one goes behind them all, but before those that were written
   * for an `AuthError`. To be called after the application has registered its own, before Nest makes the routes.
   */
  register(): void {
    const own = this.application.getGlobalFilters().filter((filter) => catchesAuthErrors(filter.constructor));
    this.application.useGlobalFilters(this, ...own);
    this.registerBehindRequestScoped([this, ...own]);
  }

  /** Nest asks filters that are made for each request before all others. */
  private registerBehindRequestScoped(filters: ExceptionFilter[]): void {
    const scoped = [...this.application.getGlobalRequestFilters()];
    if (scoped.length === 0) return;
    const own = scoped.filter(({ metatype }) => metatype !== null && catchesAuthErrors(metatype));
    const ready = filters.map((instance) => new InstanceWrapper<ExceptionFilter>({ instance, isResolved: true }));
    for (const wrapper of [...ready, ...own]) this.application.addGlobalRequestFilter(wrapper);
  }

  async catch(error: AuthError, host: ArgumentsHost): Promise<void> {
    const [original, originalResponse] = host.getArgs<[unknown, unknown]>();
    const response = wrapResponse(originalResponse);
    try {
      if (error.code !== 'OWN_RESPONSE_SENT') {
        await this.answers.answer(error, wrapRequest(original), response);
      }
    } catch (failure) {
      // Nest does not wait for filters: what is thrown here would end the process.
      this.logger.error(`Answering ${error.code} failed`, failure instanceof Error ? failure.stack : failure);
      response.setStatusCode(500);
      response.sendJSONResponse({ message: 'Internal server error' });
    }
    response.flush();
  }
}

function catchesAuthErrors(filter: Function): boolean {
  const types: unknown[] = Reflect.getMetadata(FILTER_CATCH_EXCEPTIONS, filter) ?? [];
  return types.some(
    (type) => typeof type === 'function' && (type === AuthError || type.prototype instanceof AuthError),
  );
}
