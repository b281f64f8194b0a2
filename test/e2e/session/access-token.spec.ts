import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SessionFunctions } from 'latchkey';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { splitToken } from '../../support/access-tokens.js';
import { onExpress } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

const STANDARD_CLAIMS = [
  'antiCsrfToken',
  'aud',
  'exp',
  'iat',
  'iss',
  'parentRefreshTokenHash1',
  'refreshTokenHash1',
  'rsub',
  'sessionHandle',
  'sub',
  'tId',
];

const openIdConfiguration = async (issuer: string) =>
  (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as { issuer: string; jwks_uri: string };
const kidOf = (token: string) => decodeProtectedHeader(token).kid!;

describe.each(onExpress)('access tokens on %s', (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework);
  });
  afterAll(() => app.close());

  test('the payload has exactly the keys that clients count', async () => {
    const { client, handle } = await app.signedIn('header', { userId: 'ada' });
    const { payload } = splitToken(client.tokens.accessToken!);
    // Clients count them in the front token, where `aud` is not.
    expect(Object.keys(payload).sort()).toEqual(STANDARD_CLAIMS);
    expect(payload).toEqual({
      sub: 'ada',
      rsub: 'ada',
      tId: 'public',
      iss: `${app.url}/auth`,
      aud: app.url,
      sessionHandle: handle,
      iat: expect.any(Number),
      exp: (payload.iat as number) + 3600,
      refreshTokenHash1: expect.stringMatching(/^[0-9a-f]{64}$/),
      parentRefreshTokenHash1: null,
      antiCsrfToken: null,
    });
  });

  test('custom claims stand beside them, also after a refresh', async () => {
    const accessTokenPayload = { plan: 'pro', nested: { deep: [1, null, true] }, empty: null };
    const { client } = await app.signedIn('header', { accessTokenPayload });
    const expected = { keys: [...STANDARD_CLAIMS, 'empty', 'nested', 'plan'].sort(), accessTokenPayload };
    const seen = () => {
      const { payload } = splitToken(client.tokens.accessToken!);
      const { plan, nested, empty } = payload;
      return { keys: Object.keys(payload).sort(), accessTokenPayload: { plan, nested, empty } };
    };
    expect(seen()).toEqual(expected);
    await client.refresh();
    expect(seen()).toEqual(expected);
  });

  test.each([
    'sub',
    'iat',
    'exp',
    'sessionHandle',
    'refreshTokenHash1',
    'parentRefreshTokenHash1',
    'antiCsrfToken',
    'rsub',
    'tId',
  ])('a custom payload with %s is refused', async (claim) => {
    const response = await app.client().post('/login', { accessTokenPayload: { [claim]: 'forged' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: expect.stringContaining('protected') });
  });

  test('the issuer cannot be chosen by a custom payload, nor lost by replacing it', async () => {
    const functions = app.app.get(SessionFunctions, { strict: false });
    const { client, handle } = await app.signedIn('header', { accessTokenPayload: { iss: 'https://evil.example' } });
    const issuer = () => splitToken(client.tokens.accessToken!).payload.iss;
    expect(issuer()).toBe(`${app.url}/auth`);

    for (const newAccessTokenPayload of [{ plan: 'pro' }, { iss: 'https://evil.example' }]) {
      await functions.updateAccessTokenPayload({ sessionHandle: handle, newAccessTokenPayload });
      await client.refresh();
      expect(issuer()).toBe(`${app.url}/auth`);
    }
    for (const accessTokenPayloadUpdate of [{ iss: null }, { iss: 'https://evil.example' }]) {
      await functions.mergeIntoAccessTokenPayload({ sessionHandle: handle, accessTokenPayloadUpdate });
      await client.refresh();
      expect(issuer()).toBe(`${app.url}/auth`);
    }
  });

  test('two sessions of one user share neither handle nor hashes', async () => {
    const [one, other] = await Promise.all([app.signedIn(), app.signedIn()]);
    const [a, b] = [one, other].map(({ client }) => splitToken(client.tokens.accessToken!).payload);
    expect(a!.sessionHandle).not.toBe(b!.sessionHandle);
    expect(a!.refreshTokenHash1).not.toBe(b!.refreshTokenHash1);
  });

  describe('seen from a service that only knows the issuer', () => {
    test('the token verifies against the published keys', async () => {
      const { client } = await app.signedIn('header', { userId: 'ada', accessTokenPayload: { plan: 'pro' } });
      const token = client.tokens.accessToken!;
      const issuer = splitToken(token).payload.iss as string;
      const configuration = await openIdConfiguration(issuer);
      expect(configuration).toEqual({ issuer, jwks_uri: `${issuer}/jwt/jwks.json` });

      const keys = createRemoteJWKSet(new URL(configuration.jwks_uri));
      const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer, algorithms: ['RS256'] });
      expect(payload).toMatchObject({ sub: 'ada', plan: 'pro' });
      expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT', version: '5' });
    });

    test('the published keys hold nothing private and may be kept for a while', async () => {
      const response = await fetch(`${app.url}/auth/jwt/jwks.json`);
      expect(response.status).toBe(200);
      const [, maxAge] = /^max-age=(\d+), must-revalidate$/.exec(response.headers.get('cache-control')!)!;
      expect(Number(maxAge)).toBeGreaterThan(0);
      expect(Number(maxAge)).toBeLessThanOrEqual(600);
      const { keys } = (await response.json()) as { keys: Record<string, string>[] };
      expect(keys.map(({ kid }) => kid!.slice(0, 2)).sort()).toEqual(['d-', 's-']);
      for (const key of keys) {
        expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
        expect(key).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
      }
    });

    test('both documents are there for anybody, without a session', async () => {
      for (const path of ['jwt/jwks.json', '.well-known/openid-configuration']) {
        expect((await fetch(`${app.url}/auth/${path}`)).status).toBe(200);
        expect((await fetch(`${app.url}/auth/${path}`, { method: 'POST' })).status).toBe(404);
      }
    });
  });

  describe('static and dynamic keys', () => {
    let folder: TemporaryFolder;
    beforeAll(async () => {
      folder = await temporaryFolder();
    });
    afterAll(() => folder.remove());

    test('tokens are signed with the dynamic key unless configured', async () => {
      const { client } = await app.signedIn();
      expect(kidOf(client.tokens.accessToken!)).toMatch(/^d-./);
      await client.refresh();
      expect(kidOf(client.tokens.accessToken!)).toMatch(/^d-./);
    });

    test('after a change of the option, a token of the other kind must be refreshed, and the refresh changes it', async () => {
      const core = { sqlite: folder.path('keys.sqlite') };
      const appInfo = { apiDomain: 'https://api.example' };
      const before = await startSessionApp(framework, { core, appInfo });
      const { client } = await before.signedIn('header', { userId: 'ada' });
      const { tokens } = client;
      await before.close();

      const after = await startSessionApp(framework, {
        core,
        appInfo,
        session: { useDynamicAccessTokenSigningKey: false },
      });
      try {
        const later = after.client();
        later.tokens = tokens;
        const refused = await later.get('/me');
        expect(refused.status).toBe(401);
        expect(await refused.json()).toEqual({ message: 'try refresh token' });
        expect((await later.refresh()).status).toBe(200);
        expect(kidOf(later.tokens.accessToken!)).toMatch(/^s-./);
        expect(await (await later.get('/me')).json()).toMatchObject({ userId: 'ada' });
        const keys = createRemoteJWKSet(new URL(`${after.url}/auth/jwt/jwks.json`));
        await expect(jwtVerify(later.tokens.accessToken!, keys)).resolves.toMatchObject({ payload: { sub: 'ada' } });
      } finally {
        await after.close();
      }
    });
  });
});
