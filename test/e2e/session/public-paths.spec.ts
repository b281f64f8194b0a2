import { VersioningType, type INestApplication } from '@nestjs/common';
import { afterAll, describe, expect, test } from '@jest/globals';
import { AuthTestClient } from 'latchkey/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { cookieSet } from '../../support/answers.js';
import { splitToken } from '../../support/access-tokens.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

interface Scenario {
  name: string;
  configure: (app: INestApplication) => unknown;
  apiBasePath?: string;
  /** Where the auth routes are expected. */
  authAt: string;
  /** Where the application's own routes are then. */
  ownAt: string;
}

const scenarios: Scenario[] = [
  { name: 'a prefix', configure: (app) => app.setGlobalPrefix('api'), authAt: '/api/auth', ownAt: '/api' },
  { name: 'slashes around it', configure: (app) => app.setGlobalPrefix('/api/'), authAt: '/api/auth', ownAt: '/api' },
  {
    name: 'auth routes excluded from it',
    configure: (app) => app.setGlobalPrefix('api', { exclude: ['auth/{*path}'] }),
    authAt: '/auth',
    ownAt: '/api',
  },
  {
    name: 'another route excluded from it',
    configure: (app) => app.setGlobalPrefix('api', { exclude: ['health'] }),
    authAt: '/api/auth',
    ownAt: '/api',
  },
  {
    name: 'a prefix and an apiBasePath',
    configure: (app) => app.setGlobalPrefix('api'),
    apiBasePath: '/accounts',
    authAt: '/api/accounts',
    ownAt: '/api',
  },
  { name: 'auth routes at the root', configure: () => undefined, apiBasePath: '/', authAt: '', ownAt: '' },
  {
    name: 'versions in the path',
    configure: (app) => app.enableVersioning({ type: VersioningType.URI, defaultVersion: '2' }),
    authAt: '/auth',
    ownAt: '/v2',
  },
  {
    name: 'a prefix and versions in the path',
    configure: (app) =>
      app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, defaultVersion: ['2', '3'] }),
    authAt: '/api/auth',
    ownAt: '/api/v3',
  },
];

describe.each(frameworks)('the paths that clients see, on %s', (framework) => {
  const started: SessionApp[] = [];
  afterAll(() => Promise.all(started.map((app) => app.close())));

  test.each(scenarios)('with $name they begin with $authAt', async ({ configure, apiBasePath, authAt, ownAt }) => {
    const app = await startSessionApp(framework, {
      appInfo: { apiBasePath },
      configure: (nest) => void configure(nest),
    });
    started.push(app);
    const client = new AuthTestClient({ url: app.url, transferMethod: 'cookie', apiBasePath: authAt });
    const response = await client.post(`${ownAt}/login`, {});
    expect(response.status).toBe(200);
    expect(cookieSet(response, 'sRefreshToken').path).toBe(`${authAt}/session/refresh`);
    expect(cookieSet(response, 'sAccessToken').path).toBe('/');

    const refreshed = await client.refresh();
    expect(refreshed.status).toBe(200);
    const token = client.cookies.get('sAccessToken')!;
    const issuer = splitToken(token).payload.iss as string;
    expect(issuer).toBe(`${app.url}${authAt}`);

    const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
    expect(await discovery.json()).toEqual({ issuer, jwks_uri: `${issuer}/jwt/jwks.json` });
    await jwtVerify(token, createRemoteJWKSet(new URL(`${issuer}/jwt/jwks.json`)), { issuer });

    expect((await client.signOut()).status).toBe(200);
    expect(client.cookies.get('sRefreshToken')).toBeUndefined();
  });
});
