import { Controller, Get } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isAuthRoute } from 'latchkey';
import { type AuthApp, newEmail, PASSWORD, startAuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';

@Controller()
class HelloController {
  @Get('hello')
  hello() {
    return {};
  }
}

describe.each(frameworks)('A stricter limit of @nestjs/throttler for sign-in, on %s', (framework) => {
  let auth: AuthApp;

  beforeAll(async () => {
    const throttler = ThrottlerModule.forRoot([
      { name: 'everything', ttl: 60_000, limit: 20 },
      {
        name: 'sign-in',
        ttl: 60_000,
        limit: 3,
        skipIf: (context) => !isAuthRoute(context) || context.getHandler().name !== 'signInPOST',
      },
    ]);
    auth = await startAuthApp(framework, {
      application: {
        imports: [throttler],
        controllers: [HelloController],
        providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
      },
    });
  });
  afterAll(() => auth.app.close());

  it('counts sign-ins together, at the path of a tenant too, and nothing else', async () => {
    const client = auth.client();
    const body = {
      formFields: [
        { id: 'email', value: newEmail() },
        { id: 'password', value: PASSWORD },
      ],
    };
    const signIn = async (path: string) => (await client.post(`/auth/${path}`, body)).status;

    expect([await signIn('signin'), await signIn('signin'), await signIn('signin')]).toEqual([200, 200, 200]);
    expect(await signIn('signin')).toBe(429);
    expect((await client.get('/hello')).status).toBe(200);
    expect((await client.get(`/auth/emailpassword/email/exists?email=${newEmail()}`)).status).toBe(200);
    expect(await signIn('public/signin')).toBe(429);
  });
});
