import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Injectable,
  Logger,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthError, OverloadedError, TooManyAttemptsError } from '../../lib/core/auth.error.js';
import { logLine, stackLines } from '../../lib/core/log-line.js';
import { retryAfterSeconds } from '../../lib/core/retry-after.js';
import { KeylessAccessException } from './keyless-access.js';
import { RequestAddresses } from './request-addresses.js';

interface ErrorAnswer {
  status: number;
  text: string;
}

/** Answers errors the way drivers repeat them: as text, with a newline at the end. */
@Injectable()
@Catch()
export class CdiErrorFilter implements ExceptionFilter<unknown> {
  private readonly logger = new Logger('Core');

  constructor(@Inject(RequestAddresses) private readonly addresses: RequestAddresses) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, text } = this.answerTo(error, request);
    // Many at a time, and the stack would always be the same.
    if (error instanceof OverloadedError) this.logger.warn(logLine(error.message));
    else if (status >= 500) this.logger.error(logLine(error), stackLines(error));
    if (error instanceof TooManyAttemptsError) void reply.header('retry-after', error.retryAfterSeconds);
    if (status === 503) void reply.header('retry-after', retryAfterSeconds(1));
    if (error instanceof KeylessAccessException) {
      void reply.code(status).send({ status: 'NOT_ALLOWED', reason: text });
      return;
    }
    void reply.code(status).header('content-type', 'text/html; charset=utf-8').send(`${text}\n`);
  }

  private answerTo(error: unknown, request: FastifyRequest): ErrorAnswer {
    if (error instanceof AuthError) return answerToAuthError(error);
    const status = statusOf(error);
    if (status === 404) {
      const isKnown = this.addresses.of(request.raw) !== undefined;
      return isKnown ? { status: 405, text: 'Method not supported' } : { status, text: 'Not Found' };
    }
    if (status === 413) return { status, text: 'Request body is too large' };
    if (status >= 400 && status < 500) return { status, text: (error as Error).message };
    if (status === 503) return { status, text: 'Service Unavailable' };
    return { status: 500, text: 'Internal Error' };
  }
}

function answerToAuthError({ code, publicMessage }: AuthError): ErrorAnswer {
  switch (code) {
    case 'BAD_INPUT':
      return { status: 400, text: publicMessage };
    case 'FACTOR_NOT_ALLOWED':
      return { status: 403, text: publicMessage };
    case 'TOO_MANY_ATTEMPTS':
      return { status: 429, text: publicMessage };
    case 'UNKNOWN_TENANT':
      return { status: 400, text: `AppId or tenantId not found => ${publicMessage}` };
    case 'OVERLOADED':
    case 'STORAGE_UNAVAILABLE':
      return { status: 503, text: publicMessage };
    default:
      return { status: 500, text: 'Internal Error' };
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : 500;
}
