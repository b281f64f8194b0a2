import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { CompactSign } from 'jose';
import type { JsonObject } from '../../lib/core/json.types.js';
import { SigningKeysCore } from '../../lib/core/signing-keys.core.js';
import { accessTokenOf, joinToken, kidOf, splitToken, verifyStatus } from '../support/access-tokens.js';
import { keptRsaKeyPair } from '../support/kept-rsa-key-pair.js';
import { cores, type CoreUnderTest } from './cores.js';

const change = (token: string, header: JsonObject, payload: JsonObject = {}) => {
  const parts = splitToken(token);
  return { ...parts, header: { ...parts.header, ...header }, payload: { ...parts.payload, ...payload } };
};

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe.each(cores)('forged access tokens: $name', ({ create }) => {
  let tested: CoreUnderTest;

  beforeAll(async () => {
    tested = await create();
  });
  afterAll(() => tested.close());

  it('refuses what was changed after signing', async () => {
    const token = await accessTokenOf(tested.core);
    const { exp } = splitToken(token).payload as { exp: number };
    for (const payload of [{ sub: 'admin' }, { exp: exp + 1 }, { tId: 'acme' }, { role: 'admin' }]) {
      expect(await verifyStatus(tested.core, joinToken(change(token, {}, payload)))).toBe('TRY_REFRESH_TOKEN');
    }
    expect(await verifyStatus(tested.core, token)).toBe('OK');
    // Also once the good one is remembered: they share the signature.
    expect(await verifyStatus(tested.core, joinToken(change(token, {}, { sub: 'admin' })))).toBe('TRY_REFRESH_TOKEN');
  });

  it.each(['none', 'None', 'HS256', 'RS512', 'PS256', ''])('refuses the algorithm %j', async (alg) => {
    const forged = change(await accessTokenOf(tested.core), { alg });
    expect(await verifyStatus(tested.core, joinToken(forged))).toBe('TRY_REFRESH_TOKEN');
    expect(await verifyStatus(tested.core, joinToken({ ...forged, signature: '' }))).toBe('TRY_REFRESH_TOKEN');
  });

  it('refuses a MAC made with the public key as its secret', async () => {
    const token = await accessTokenOf(tested.core);
    const key = (await tested.core.port(SigningKeysCore).getJWKS()).keys.find(({ kid }) => kid === kidOf(token))!;
    for (const secret of [key.kty === 'RSA' ? key.n : '', JSON.stringify(key)]) {
      const parts = change(token, { alg: 'HS256' }, { sub: 'admin' });
      const signed = joinToken({ ...parts, signature: '' }).slice(0, -1);
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      expect(await verifyStatus(tested.core, joinToken({ ...parts, signature }))).toBe('TRY_REFRESH_TOKEN');
    }
  });

  it('refuses a good signature by a key of the attacker, wherever the header says it is', async () => {
    const token = await accessTokenOf(tested.core);
    const { publicKey, privateKey } = keptRsaKeyPair('attacker');
    const jwk = publicKey.export({ format: 'jwk' });
    const { header, payload } = splitToken(token);
    const bytes = new TextEncoder().encode(JSON.stringify({ ...payload, sub: 'admin' }));
    for (const extra of [{}, { jwk }, { kid: 'd-unknown' }, { kid: 'd-unknown', jku: 'http://evil.example.com' }]) {
      const forged = await new CompactSign(bytes)
        .setProtectedHeader({ ...header, alg: 'RS256', ...extra })
        .sign(privateKey);
      expect(await verifyStatus(tested.core, forged)).toBe('TRY_REFRESH_TOKEN');
    }
  });

  it.each(['__proto__', 'd-', '', "d-' or 1=1 --", `d-${'x'.repeat(10_000)}`])(
    'refuses the key id %.20j',
    async (kid) => {
      const forged = joinToken(change(await accessTokenOf(tested.core), { kid }));
      expect(await verifyStatus(tested.core, forged)).toBe('TRY_REFRESH_TOKEN');
    },
  );

  it('refuses the token of another core', async () => {
    const other = await create();
    try {
      const token = await accessTokenOf(other.core);
      expect(await verifyStatus(tested.core, token)).toBe('TRY_REFRESH_TOKEN');
    } finally {
      await other.close();
    }
  });

  it('calls unauthorised what is no access token by its form', async () => {
    const token = await accessTokenOf(tested.core);
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const unreadable = [
      '',
      '.',
      '..',
      'x',
      '\u{1f511}',
      'a.b.c',
      'A'.repeat(1_000_000),
      `${'e30.'.repeat(300_000)}x`,
      `${header}.${payload}`,
      `${token}.x`,
      `${token}=`,
      ` ${token}`,
      `Bearer ${token}`,
      `${part([])}.${payload}.${signature}`,
      `${header}.${part(null)}.${signature}`,
      `${header}.${Buffer.from('['.repeat(40_000)).toString('base64url')}.${signature}`,
      ...[{ typ: 'at+jwt' }, { version: '4' }, { version: 5 }, { version: undefined }, { kid: 1 }].map((wrong) =>
        joinToken(change(token, wrong as JsonObject)),
      ),
      ...[
        { sub: 1 },
        { exp: '9999999999' },
        { iat: null },
        { sessionHandle: undefined },
        { refreshTokenHash1: null },
        { parentRefreshTokenHash1: undefined },
        { antiCsrfToken: 1 },
        { tId: null },
        { rsub: {} },
      ].map((wrong) => joinToken(change(token, {}, wrong as JsonObject))),
    ];
    for (const accessToken of unreadable) {
      expect([accessToken.slice(0, 80), await verifyStatus(tested.core, accessToken)]).toEqual([
        accessToken.slice(0, 80),
        'UNAUTHORISED',
      ]);
    }
    for (const oddlyTyped of [undefined, null, 5, {}, [token]]) {
      expect(await verifyStatus(tested.core, oddlyTyped as unknown as string)).toBe('UNAUTHORISED');
    }
  });
});
