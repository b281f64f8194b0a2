import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { BadInputError } from '../../lib/core/auth.error.js';
import { SessionsCore } from '../../lib/core/sessions.core.js';
import { type CreateJWTInput, SigningKeysCore } from '../../lib/core/signing-keys.core.js';
import { cores, type CoreUnderTest } from './cores.js';
import { embeddedCores } from './cores.js';

describe.each(cores)('JWTs: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let keys: SigningKeysCore;

  beforeAll(async () => {
    tested = await create();
    keys = tested.core.port(SigningKeysCore);
  });
  afterAll(() => tested.close());

  async function sign(input: Partial<CreateJWTInput> = {}): Promise<string> {
    const result = await keys.createJWT({
      payload: {},
      validitySeconds: 60,
      useDynamicSigningKey: false,
      issuer: 'here',
      ...input,
    });
    expect(result.status).toBe('OK');
    return result.jwt;
  }

  it.each([
    [true, /^d-/],
    [false, /^s-/],
  ])('verifies by the published keys: dynamic %p', async (useDynamicSigningKey, kid) => {
    const payload = { scope: 'mail', nested: { nothing: null } };
    const jwt = await sign({ payload, useDynamicSigningKey, issuer: 'https://example.com/auth' });
    const jwks = createLocalJWKSet({ keys: [...(await keys.getJWKS()).keys] });
    const now = Math.floor(tested.clock.now() / 1000);
    const verified = await jwtVerify(jwt, jwks, { currentDate: new Date(tested.clock.now()) });
    expect(verified.payload).toEqual({ ...payload, iss: 'https://example.com/auth', iat: now, exp: now + 60 });
    expect(verified.protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.stringMatching(kid) });
  });

  it('lets the payload replace neither times nor issuer', async () => {
    const payload = { iat: 1, exp: 9_999_999_999, iss: 'https://evil.example' };
    const now = Math.floor(tested.clock.now() / 1000);
    expect(decodeJwt(await sign({ payload, issuer: 'here' }))).toEqual({ iat: now, exp: now + 60, iss: 'here' });
  });

  it('makes no access token, whatever the payload is', async () => {
    const sessions = tested.core.port(SessionsCore);
    const { accessToken, session } = await sessions.createNewSession({
      tenantId: 'public',
      userId: 'victim',
      recipeUserId: 'victim',
      accessTokenPayload: {},
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
    });
    const jwt = await sign({ payload: { ...session.accessTokenPayload }, useDynamicSigningKey: true });
    expect(decodeProtectedHeader(jwt).kid).toBe(decodeProtectedHeader(accessToken.token).kid);
    const checks = { checkAntiCsrf: false, checkDatabase: false, useDynamicSigningKey: true };
    expect(await sessions.verifySession({ accessToken: jwt, ...checks })).toMatchObject({ status: 'UNAUTHORISED' });
    expect(await sessions.regenerateAccessToken({ accessToken: jwt })).toEqual({ status: 'UNAUTHORISED' });
    expect(await sessions.verifySession({ accessToken: accessToken.token, ...checks })).toMatchObject({ status: 'OK' });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e12, '60', undefined])(
    'refuses the validity %p',
    async (validitySeconds) => {
      await expect(sign({ validitySeconds: validitySeconds as number })).rejects.toThrow(BadInputError);
    },
  );

  it.each([null, [], 'text', { a: 1n }])('refuses the payload %p', async (payload) => {
    await expect(sign({ payload: payload as never })).rejects.toThrow(BadInputError);
  });
});

describe.each(embeddedCores)('JWTs without an issuer: $name', ({ create }) => {
  it('leave it to the payload', async () => {
    const tested = await create();
    try {
      const keys = tested.core.port(SigningKeysCore);
      const input = { validitySeconds: 60, useDynamicSigningKey: false };
      const named = await keys.createJWT({ payload: { iss: 'there' }, ...input });
      expect(decodeJwt(named.jwt)).toMatchObject({ iss: 'there' });
      const nameless = await keys.createJWT({ payload: {}, ...input });
      expect(Object.keys(decodeJwt(nameless.jwt))).toEqual(['iat', 'exp']);
    } finally {
      await tested.close();
    }
  });
});
