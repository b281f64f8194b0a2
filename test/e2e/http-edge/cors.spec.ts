import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getAllCORSHeaders, Session } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { appInfo, newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';

const ORIGIN = 'http://127.0.0.1:3001';

@Controller('guarded')
class GuardedController {
  @Get()
  @Session()
  read() {
    return 'ok';
  }
}

const words = (header: string | null) => (header ?? '').split(',').map((word) => word.trim().toLowerCase());

describe.each(frameworks)('CORS on %s', (framework) => {
  let auth: AuthApp;

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      auth: { appInfo: { ...appInfo, websiteDomain: ORIGIN } },
      application: { controllers: [GuardedController] },
      configure: (app) =>
        app.enableCors({
          origin: ORIGIN,
          credentials: true,
          allowedHeaders: ['x-mine', ...getAllCORSHeaders()],
          exposedHeaders: ['x-total', 'front-token'],
        }),
    });
  });
  afterAll(() => auth.app.close());

  it.each([
    ['POST', '/auth/signup'],
    ['POST', '/auth/session/refresh'],
    ['GET', '/guarded'],
  ])('the preflight of %s %s passes, though it carries no session', async (method, path) => {
    const response = await fetch(`${auth.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type,rid,fdi-version,st-auth-mode,authorization,anti-csrf',
      },
    });

    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    expect(words(response.headers.get('access-control-allow-headers'))).toEqual(
      expect.arrayContaining(['x-mine', ...getAllCORSHeaders()]),
    );
  });

  it('headers that clients read are exposed beside those of the application, each once', async () => {
    const client = auth.client();
    const body = formFields({ email: newEmail(), password: PASSWORD });

    const response = await client.post('/auth/signup', body, { headers: { origin: ORIGIN } });
    const exposed = words(response.headers.get('access-control-expose-headers'));

    expect(exposed).toEqual(expect.arrayContaining(['x-total', 'front-token', 'st-access-token', 'st-refresh-token']));
    expect(new Set(exposed).size).toBe(exposed.length);
  });

  it('a 401 has the headers too, or the client could not read it', async () => {
    const response = await fetch(`${auth.url}/guarded`, { headers: { origin: ORIGIN } });

    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  it('nothing but the public keys is allowed that the application has not allowed', async () => {
    const closed = await startAuthApp(framework);
    try {
      const response = await fetch(`${closed.url}/auth/emailpassword/email/exists?email=a@b.c`, {
        headers: { origin: ORIGIN },
      });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    } finally {
      await closed.app.close();
    }
  });
});

describe('getAllCORSHeaders', () => {
  it('has what the clients send, again for every caller', () => {
    const headers = getAllCORSHeaders();
    headers.pop();

    expect(getAllCORSHeaders().sort()).toEqual(
      ['anti-csrf', 'authorization', 'content-type', 'fdi-version', 'rid', 'st-auth-mode'].sort(),
    );
  });
});
