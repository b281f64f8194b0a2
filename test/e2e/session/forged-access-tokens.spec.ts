import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { saysNothingOfTokens } from '../../support/answers.js';
import { signedByAttacker, signedWithPublicKey, tampered } from '../../support/forged-tokens.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { onFastify } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

describe.each(onFastify)('access tokens that are not what they claim, on %s', (framework) => {
  let app: SessionApp;
  let other: SessionApp;
  let genuine: string;
  beforeAll(async () => {
    app = await startSessionApp(framework);
    other = await startSessionApp(framework);
    genuine = (await app.signedIn()).client.tokens.accessToken!;
  });
  afterAll(() => Promise.all([app.close(), other.close()]));

  const byHeader = (token: string) => fetch(`${app.url}/me`, { headers: { authorization: `Bearer ${token}` } });
  const byCookie = (token: string) => fetch(`${app.url}/me`, { headers: { cookie: `sAccessToken=${token}` } });

  async function expectRefused(token: string, message: string): Promise<void> {
    for (const send of [byHeader, byCookie]) {
      const response = await send(token);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message });
      expect(saysNothingOfTokens(response)).toBe(true);
    }
  }

  test('the genuine one is accepted both ways', async () => {
    expect((await byHeader(genuine)).status).toBe(200);
    expect((await byCookie(genuine)).status).toBe(200);
  });

  describe('in the form of our tokens, the client is told to refresh', () => {
    test.each([
      ['other claims under a genuine signature', () => tampered(genuine, {}, { sub: 'admin' })],
      ['a later expiry under a genuine signature', () => tampered(genuine, {}, { exp: 4_000_000_000 })],
      ['signed by somebody else under our key id', () => signedByAttacker(genuine, {}, { sub: 'admin' })],
      ['an unknown dynamic key', () => signedByAttacker(genuine, { kid: 'd-unknown' })],
      ['an unknown static key', () => signedByAttacker(genuine, { kid: 's-unknown' })],
      ['a key id of another make', () => signedByAttacker(genuine, { kid: 'x' })],
      ['an empty key id', () => signedByAttacker(genuine, { kid: '' })],
      ['a key id that reaches for a path', () => signedByAttacker(genuine, { kid: 's-../../../../dev/null' })],
      ['a key id that reaches for a query', () => signedByAttacker(genuine, { kid: "d-' or '1'='1" })],
      ['the key in the token itself', () => signedByAttacker(genuine, { jwk: { kty: 'oct', k: 'AA' } })],
      ['alg none under the genuine signature', () => tampered(genuine, { alg: 'none' })],
      ['alg none and no signature', () => `${tampered(genuine, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
      ['alg NoNe', () => tampered(genuine, { alg: 'NoNe' })],
      ['another algorithm of the same key', () => tampered(genuine, { alg: 'PS256' })],
      ['an algorithm that is no text', () => tampered(genuine, { alg: 7 })],
      [
        'a signature with a character changed',
        () => `${genuine.slice(0, -9)}${genuine.at(-9) === 'A' ? 'B' : 'A'}${genuine.slice(-8)}`,
      ],
      ['a truncated signature', () => genuine.slice(0, -20)],
      ['critical extensions that nobody knows', () => signedByAttacker(genuine, { crit: ['x'], x: 1 })],
    ])('%s', async (_what, make) => {
      await expectRefused(make(), 'try refresh token');
    });

    test('the public key used as the secret of HS256', async () => {
      const { keys } = (await (await fetch(`${app.url}/auth/jwt/jwks.json`)).json()) as { keys: object[] };
      for (const jwk of keys) {
        const pem = createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
        await expectRefused(signedWithPublicKey(genuine, pem.toString()), 'try refresh token');
      }
    });

    test('a token of another application', async () => {
      const foreign = (await other.signedIn()).client.tokens.accessToken!;
      await expectRefused(foreign, 'try refresh token');
    });
  });

  describe('not in the form of our tokens, there is no session', () => {
    test.each([
      ['no dots', () => 'garbage'],
      ['only dots', () => '..'],
      ['a missing part', () => genuine.split('.').slice(0, 2).join('.')],
      ['a part too many', () => `${genuine}.${genuine.split('.')[2]}`],
      ['a header that is no JSON', () => `AAAA.${genuine.split('.').slice(1).join('.')}`],
      ['a payload that is no object', () => [genuine.split('.')[0], 'bnVsbA', genuine.split('.')[2]].join('.')],
      ['a payload that is a list', () => [genuine.split('.')[0], 'W10', genuine.split('.')[2]].join('.')],
      ['a payload without a session handle', () => signedByAttacker(genuine, {}, { sessionHandle: null })],
      ['a user id that is no text', () => signedByAttacker(genuine, {}, { sub: { $ne: 1 } })],
      ['an expiry that is no number', () => signedByAttacker(genuine, {}, { exp: 'never' })],
      ['an older version', () => tampered(genuine, { version: '2' })],
      ['no key id', () => tampered(genuine, { kid: null })],
      ['an ID token', () => tampered(genuine, { typ: 'id_token+jwt' })],
    ])('%s', async (_what, make) => {
      await expectRefused(make(), 'unauthorised');
    });
  });

  test.each(['%', '%E0%A4%A', '%00', '"', '{}', '__proto__', 'a b', '\u00e9'])(
    'the cookie value %p is refused without a crash',
    async (value) => {
      const response = await byCookie(value);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: 'unauthorised' });
    },
  );

  test('an expired token is refused, also right after it was accepted, until it is refreshed', async () => {
    const moveClock = clockAhead();
    const shortLived = await startSessionApp(framework, { core: { accessTokenLifetimeSeconds: 100 } });
    try {
      const { client } = await shortLived.signedIn();
      expect((await client.get('/me')).status).toBe(200);
      moveClock(101_000);
      const response = await client.get('/me');
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: 'try refresh token' });
      expect(saysNothingOfTokens(response)).toBe(true);
      expect((await client.refresh()).status).toBe(200);
      expect((await client.get('/me')).status).toBe(200);
    } finally {
      jest.restoreAllMocks();
      await shortLived.close();
    }
  });

  test('what was refused once stays refused, and what was accepted is not confused with it', async () => {
    const forged = tampered(genuine, {}, { sub: 'admin' });
    for (let round = 0; round < 3; round++) {
      expect((await byHeader(forged)).status).toBe(401);
      expect(await (await byHeader(genuine)).json()).toMatchObject({ userId: 'ada' });
    }
  });

  test('tokens as long as a request allows are refused, and longer ones end in a 4xx', async () => {
    for (const length of [4_000, 12_000, 40_000]) {
      for (const token of ['A'.repeat(length), `${genuine}${'A'.repeat(length)}`, '.'.repeat(length)]) {
        for (const send of [byHeader, byCookie]) {
          const { status } = await send(token);
          expect(status).toBe(length > 16_000 ? 431 : 401);
        }
      }
    }
  });
});
