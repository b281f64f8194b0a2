import { Body, Controller, Post, Req } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions } from 'latchkey';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';
import { RecordedLog } from '../../support/recorded-log.js';

const FORM = 'application/x-www-form-urlencoded';

@Controller('application')
class ApplicationController {
  @Post()
  echo(@Body() body: unknown, @Req() request: { rawBody?: Buffer }) {
    return { body, raw: request.rawBody?.toString() };
  }
}

describe.each(frameworks)('Bodies on %s', (framework) => {
  let auth: AuthApp;

  beforeAll(async () => {
    auth = await startAuthApp(framework, { application: { controllers: [ApplicationController] }, rawBody: true });
  });
  afterAll(() => auth.app.close());

  const send = (path: string, body: string | undefined, type?: string) =>
    auth.client().fetch(path, { method: 'POST', body, headers: type === undefined ? {} : { 'content-type': type } });

  it("the application's own routes get JSON, forms and raw bodies as without us", async () => {
    const json = await send('/application', '{"a":[1]}', 'application/json');
    const urlencoded = await send('/application', 'a=1&b=two+words', FORM);

    expect(await json.json()).toEqual({ body: { a: [1] }, raw: '{"a":[1]}' });
    expect(await urlencoded.json()).toMatchObject({ body: { a: '1', b: 'two words' } });
  });

  it('auth routes take JSON', async () => {
    const email = newEmail();

    await auth.client().signUp(email, PASSWORD);
    const signIn = await send(
      '/auth/signin',
      JSON.stringify({
        formFields: [
          { id: 'email', value: email },
          { id: 'password', value: PASSWORD },
        ],
      }),
      'application/json; charset=utf-8',
    );

    expect(await signIn.json()).toMatchObject({ status: 'OK' });
  });

  it.each([
    ['a form', 'email=a', FORM],
    ['text', 'email=a', 'text/plain'],
    ['XML', '<a/>', 'application/xml'],
    ['nonsense as its type', '{}', 'no/such+type'],
    ['nothing at all', undefined, undefined],
    ['an empty JSON body', '', 'application/json'],
    ['malformed JSON', '{"formFields":', 'application/json'],
    ['a JSON list', '[]', 'application/json'],
    ['JSON null', 'null', 'application/json'],
    ['a JSON number', '7', 'application/json'],
    ['an unknown charset', '{}', 'application/json; charset=klingon'],
  ])('%s is a 4xx that says something, and nobody is signed up', async (_what, body, type) => {
    const functions = auth.app.get(EmailPasswordFunctions, { strict: false });
    const response = await send('/auth/signup', body, type);
    const text = await response.text();

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect((JSON.parse(text) as { message: unknown }).message).toEqual(expect.any(String));
    expect(text).not.toMatch(/node_modules|at \w+ \(/);
    expect(await functions.getUserByEmail({ email: 'a' })).toBeUndefined();
  });

  it.each([
    ['/auth/signout', undefined],
    ['/auth/session/refresh', undefined],
    ['/auth/signout', 'text/plain'],
  ])('POST %s needs no body (%s)', async (path, type) => {
    const response = await send(path, type === undefined ? undefined : 'x', type);

    expect(response.status).toBeLessThan(500);
    expect(response.status).not.toBe(400);
  });
});

describe('Where the application has switched the body parser off on Express', () => {
  it('what it parses itself is used', async () => {
    const { json } = await import('express');
    const auth = await startAuthApp('Express', {
      bodyParser: false,
      configure: (app) => void (app as NestExpressApplication).use(json()),
    });

    try {
      expect(await (await auth.client().signUp(newEmail(), PASSWORD)).json()).toMatchObject({ status: 'OK' });
    } finally {
      await auth.app.close();
    }
  });

  it('without a parser the answer and the log say so', async () => {
    const logger = new RecordedLog();
    const auth = await startAuthApp('Express', { bodyParser: false, logger });

    try {
      const response = await auth.client().signUp(newEmail(), PASSWORD);
      expect([response.status, await response.json()]).toMatchObject([
        500,
        { message: expect.stringContaining('parse') },
      ]);
      expect(logger.errors()).toEqual([expect.stringContaining('Remove bodyParser: false')]);
    } finally {
      await auth.app.close();
    }
  });
});
