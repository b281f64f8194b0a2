import { Controller, Get, RequestMethod, Version, VersioningType } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthModule, Session, SessionContainer } from 'latchkey';
import { formFields } from 'latchkey/testing';
import {
  appInfo,
  around,
  newEmail,
  PASSWORD,
  startAuthApp,
  type AuthApp,
  type AuthAppOptions,
} from '../../support/auth-app.js';
import { startGateway } from '../../support/gateway.js';
import { frameworks, type Framework } from '../../support/frameworks.js';

@Controller({ path: 'me', version: '2' })
class MeController {
  @Get()
  @Session()
  me(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }

  @Get('neutral')
  @Version('1')
  neutral() {
    return 'v1';
  }
}

async function withApp(framework: Framework, options: AuthAppOptions, use: (auth: AuthApp) => Promise<void>) {
  const auth = await startAuthApp(framework, options);
  try {
    await use(auth);
  } finally {
    await auth.app.close();
  }
}

const withBasePath = (apiBasePath: string): AuthAppOptions => ({ auth: { appInfo: { ...appInfo, apiBasePath } } });

function refreshCookieOf(response: Response): string | undefined {
  return response.headers.getSetCookie().find((cookie) => cookie.startsWith('sRefreshToken='));
}

/** Signs up, refreshes and signs out as a browser does, so that cookie paths count. */
async function expectWorking(auth: AuthApp, apiBasePath: string): Promise<void> {
  const client = auth.client({ apiBasePath, transferMethod: 'cookie' });
  const signUp = await client.signUp(newEmail(), PASSWORD);
  expect(await signUp.json()).toMatchObject({ status: 'OK' });
  expect(refreshCookieOf(signUp)).toContain(`Path=${apiBasePath}/session/refresh`);

  const refresh = await client.post(`${apiBasePath}/session/refresh`, {});
  expect([refresh.status, await refresh.json()]).toEqual([200, {}]);

  const discovery = await client.get(`${apiBasePath}/.well-known/openid-configuration`);
  expect(await discovery.json()).toEqual({
    issuer: `http://127.0.0.1:3000${apiBasePath}`,
    jwks_uri: `http://127.0.0.1:3000${apiBasePath}/jwt/jwks.json`,
  });
  expect((await client.get(`${apiBasePath}/jwt/jwks.json`)).status).toBe(200);
  expect((await client.signOut()).status).toBe(200);
  expect(client.cookies.get('sAccessToken')).toBeUndefined();
}

const excludeAuth: AuthAppOptions['configure'] = (app) =>
  void app.setGlobalPrefix('api', { exclude: [{ path: 'auth/{*path}', method: RequestMethod.ALL }] });

describe.each(frameworks)('Where the auth routes are on %s', (framework) => {
  it.each([
    ['/auth', '/auth'],
    ['/api/v1/auth', '/api/v1/auth'],
    ['/auth/', '/auth'],
    ['/', ''],
  ])('apiBasePath %s', async (path, apiBasePath) => {
    await withApp(framework, withBasePath(path), (auth) => expectWorking(auth, apiBasePath));
  });

  it.each([
    ['api', '/api/auth'],
    ['/api/', '/api/auth'],
    ['a/b', '/a/b/auth'],
  ])('below the global prefix %s', async (prefix, apiBasePath) => {
    await withApp(framework, { configure: (app) => void app.setGlobalPrefix(prefix) }, (auth) =>
      expectWorking(auth, apiBasePath),
    );
  });

  it('above the global prefix, where they are excluded from it', async () => {
    await withApp(framework, { configure: excludeAuth }, (auth) => expectWorking(auth, '/auth'));
  });

  it('above the global prefix one by one, as they are excluded from it', async () => {
    const configure: AuthAppOptions['configure'] = (app) =>
      void app.setGlobalPrefix('api', { exclude: [{ path: 'auth/session/refresh', method: RequestMethod.POST }] });
    await withApp(framework, { configure }, async (auth) => {
      const client = auth.client({ apiBasePath: '/api/auth', transferMethod: 'cookie' });
      const signUp = await client.signUp(newEmail(), PASSWORD);
      expect(refreshCookieOf(signUp)).toContain('Path=/auth/session/refresh');
      expect((await client.post('/auth/session/refresh', {})).status).toBe(200);
      const discovery = await client.get('/api/auth/.well-known/openid-configuration');
      expect(await discovery.json()).toMatchObject({ issuer: 'http://127.0.0.1:3000/api/auth' });
    });
  });

  it('below the path that the application gives our module', async () => {
    const imports = [RouterModule.register([{ path: 'v1', module: AuthModule }])];
    const options: AuthAppOptions = {
      application: { imports },
      configure: (app) => void app.setGlobalPrefix('api'),
    };
    await withApp(framework, options, (auth) => expectWorking(auth, '/api/v1/auth'));
  });

  it('where a gateway shows them that takes the front of their path away', async () => {
    const options = { auth: { appInfo: { ...appInfo, apiGatewayPath: '/gateway/' } } };
    await withApp(framework, options, async (auth) => {
      const gateway = await startGateway('/gateway', auth.url);
      try {
        await expectWorking(around({ ...auth, url: gateway.url }), '/gateway/auth');
      } finally {
        await gateway.close();
      }
    });
  });

  it('unversioned, beside versioned routes of the application', async () => {
    const options: AuthAppOptions = {
      configure: (app) => void app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
      application: { controllers: [MeController] },
    };
    await withApp(framework, options, async (auth) => {
      await expectWorking(auth, '/auth');
      const client = auth.client();
      await client.signUp(newEmail(), PASSWORD);

      expect(await (await client.get('/v2/me')).json()).toEqual({ userId: expect.any(String) });
      expect((await client.get('/v1/me/neutral')).status).toBe(200);
      expect((await client.post('/v1/auth/signin', {})).status).toBe(404);
    });
  });

  it('unversioned, where versions come by header', async () => {
    const options: AuthAppOptions = {
      configure: (app) => void app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
    };
    await withApp(framework, options, (auth) => expectWorking(auth, '/auth'));
  });

  describe('as they are by default', () => {
    let auth: AuthApp;
    beforeAll(async () => {
      auth = await startAuthApp(framework);
    });
    afterAll(() => auth.app.close());

    it('nowhere else', async () => {
      const client = auth.client();
      const statuses = await Promise.all(
        [
          client.get('/auth'),
          client.get('/auth/nothing'),
          client.get('/auth/signin'),
          client.get('/auth/session/refresh'),
          client.post('/auth/jwt/jwks.json', {}),
          client.post('/signin', {}),
          client.post('/auth/signin/more', {}),
          client.post('/auth/a/b/signin', {}),
          client.fetch('/auth/signin', { method: 'PUT' }),
          client.fetch('/auth/signout', { method: 'DELETE' }),
        ].map(async (response) => (await response).status),
      );

      expect(statuses).toEqual(statuses.map(() => 404));
    });

    it('for HEAD, OPTIONS and a trailing slash as the framework treats them', async () => {
      const client = auth.client();
      const head = await client.fetch('/auth/jwt/jwks.json', { method: 'HEAD' });
      const options = await client.fetch('/auth/signin', { method: 'OPTIONS' });
      const trailing = await client.get('/auth/jwt/jwks.json/');

      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(options.status).toBe(404);
      expect(options.headers.get('front-token')).toBeNull();
      expect(trailing.status).toBe(framework === 'Express' ? 200 : 404);
    });

    it('for tenants, where an exact path wins over one with a tenant', async () => {
      const client = auth.client();
      const body = formFields({ email: newEmail(), password: PASSWORD });

      expect(await (await client.post('/auth/public/signup', body)).json()).toMatchObject({ status: 'OK' });
      expect(await (await client.post('/auth/PUBLIC/signin', body)).json()).toMatchObject({ status: 'OK' });
      const unknown = await client.post('/auth/nobody/signin', body);
      expect([unknown.status, await unknown.json()]).toEqual([400, { message: 'Unknown tenant: nobody' }]);
      expect((await client.post('/auth/public/session/refresh', {})).status).toBe(404);
      const exists = await client.get('/auth/signup/email/exists?email=a@example.com');
      expect(await exists.json()).toEqual({ status: 'OK', exists: false });
    });
  });
});
