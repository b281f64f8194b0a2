import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastValueFrom, type Observable } from 'rxjs';
import { AuthError, BadInputError, ConfigurationError } from '../core/auth.error.js';
import { AuthErrorAnswers } from './auth-error-answers.js';
import { AuthErrorFilter } from './auth-error.filter.js';
import { Transports } from './transports.js';

function caught(error: AuthError, type: string, args: unknown[]): unknown {
  const host = new ExecutionContextHost(args);
  host.setType(type);
  return new AuthErrorFilter(new AuthErrorAnswers(), new ApplicationConfig(), new Transports()).catch(error, host);
}

describe('AuthErrorFilter', () => {
  beforeEach(() => Logger.overrideLogger(false));
  afterEach(() => Logger.overrideLogger(['error']));

  it('refuses a message of a microservice', async () => {
    const refused = caught(new BadInputError('No such thing'), 'rpc', [{ text: 'data' }, {}]) as Observable<never>;
    await expect(lastValueFrom(refused)).rejects.toEqual({ status: 'error', message: 'No such thing' });
    const failed = caught(new ConfigurationError('a secret'), 'rpc', ['text']) as Observable<never>;
    await expect(lastValueFrom(failed)).rejects.toEqual({ status: 'error', message: 'Internal server error' });
  });

  it('tells the client of a gateway, however it is to be told, and survives one that is gone', () => {
    const sent: unknown[] = [];
    const socketIo = { emit: (event: string, data: unknown) => sent.push([event, data]) };
    const ws = { readyState: 1, send: (text: string) => sent.push(JSON.parse(text)) };
    const gone = {
      readyState: 3,
      send: () => {
        throw new Error('closed');
      },
    };
    for (const client of [socketIo, ws, gone, undefined]) caught(new BadInputError('No'), 'ws', [client, {}]);
    const data = { status: 'error', message: 'No' };
    expect(sent).toEqual([['exception', data], { event: 'exception', data }]);
  });

  it('gives GraphQL an error that clients can act on, and only headers to the response', async () => {
    const { answer, status } = await inServer((request, response) =>
      caught(new BadInputError('No'), 'graphql', [undefined, {}, { req: request, res: response }, {}]),
    );
    expect(answer).toMatchObject({ message: 'No', extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
    expect(answer).toBeInstanceOf(Error);
    expect(status).toBe(200);
  });

  it.each([
    ['graphql', [undefined, {}, {}, {}]],
    ['graphql', [undefined, undefined, undefined, undefined]],
    ['http', []],
    ['http', [{ method: 'GET', headers: {} }, { neither: 'this' }]],
    ['telepathy', ['x']],
  ])('%s without a request that we know throws nothing: %j', async (type, args) => {
    const answer = await caught(new BadInputError('No'), type, args);
    expect(type === 'graphql' ? answer instanceof Error : answer === undefined).toBe(true);
  });
});

async function inServer(work: (request: IncomingMessage, response: ServerResponse) => unknown) {
  let answer: unknown;
  const server = createServer(async (request, response) => {
    answer = await work(request, response);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { status } = await fetch(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
  await new Promise((resolve) => server.close(resolve));
  return { answer, status };
}
