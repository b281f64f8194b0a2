import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AccessTokenVerifier, type VerifiedAccessToken } from './access-token.verifier.js';
import type { EmbeddedSigningKeysCore } from '../embedded/embedded-signing-keys.core.js';
import { generateSigningKey, importSigningKey, type SigningKey } from '../embedded/signing-key.js';
import { signAccessToken } from '../embedded/sign-access-token.js';

const claims = {
  sub: 'user',
  iat: 1,
  exp: 2,
  sessionHandle: 'handle',
  refreshTokenHash1: 'hash',
  parentRefreshTokenHash1: null,
  antiCsrfToken: null,
  tId: 'public',
  rsub: 'user',
};

describe('AccessTokenVerifier', () => {
  let key: SigningKey;
  let verifier: AccessTokenVerifier;
  let lookUps: number;

  beforeAll(async () => {
    key = await importSigningKey(await generateSigningKey('dynamic', 1, { clock: () => 0, signingAlgorithm: 'RS256' }));
  });
  beforeEach(() => {
    lookUps = 0;
    const keys: Pick<EmbeddedSigningKeysCore, 'verificationKey'> = {
      verificationKey: async (kid) => {
        lookUps++;
        return kid === key.kid ? key : undefined;
      },
    };
    verifier = new AccessTokenVerifier(keys, () => false);
  });

  it('verifies a token once, however many ask at a time, and remembers it', async () => {
    const { token } = await signAccessToken(claims, {}, key);
    expect(verifier.recall(token)).toBeUndefined();
    const results = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(lookUps).toBe(1);
    expect(new Set(results).size).toBe(1);
    expect(verifier.recall(token)).toBe(results[0]);
  });

  it('judges a token by the time, and forgets one that is over', async () => {
    const { token } = await signAccessToken(claims, {}, key);
    const verified = (await verifier.verify(token)) as VerifiedAccessToken;
    const input = { accessToken: token, checkAntiCsrf: false, checkDatabase: false };
    expect(verifier.judge(verified, input, 1999)).toEqual({ status: 'OK', session: verified.session });
    expect(verifier.recall(token)).toBe(verified);
    expect(verifier.judge(verified, input, 2000)).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
    expect(verifier.recall(token)).toBeUndefined();
  });

  it('does not remember a token that it refused', async () => {
    const { token } = await signAccessToken(claims, {}, key);
    const forged = `${token.slice(0, -100)}${'A'.repeat(100)}`;
    expect(await verifier.verify(forged)).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
    expect(verifier.recall(forged)).toBeUndefined();
    expect(await verifier.verify(token)).toMatchObject({ token, keyKind: 'dynamic' });
  });

  it('lets a custom claim replace nothing of its own', async () => {
    const { token } = await signAccessToken(claims, { sub: 'admin', exp: 9e9, role: 'x' }, key);
    expect(await verifier.verify(token)).toMatchObject({
      session: { userId: 'user', accessTokenExpiry: 2000, accessTokenPayload: { ...claims, role: 'x' } },
    });
  });
});
