import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Core } from '../../lib/core/core.js';
import { SigningKeysCore } from '../../lib/core/signing-keys.core.js';
import { accessTokenOf, joinToken, kidOf, splitToken, verifyStatus } from '../support/access-tokens.js';
import { cores, type CoreUnderTest, persistentCores, type PersistentCoreUnderTest } from './cores.js';

const HOUR_SECONDS = 3600;

describe.each(cores)('signing keys: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let keys: SigningKeysCore;

  beforeEach(async () => {
    tested = await create({ signingKeyLifetimeHours: 10, accessTokenLifetimeSeconds: HOUR_SECONDS });
    keys = tested.core.port(SigningKeysCore);
  });
  afterEach(() => tested.close());

  const publishedKids = async () => (await keys.getJWKS()).keys.map((key) => key.kid);

  it('publishes what others need to verify tokens, and nothing secret', async () => {
    const { keys: published } = await keys.getJWKS();
    expect(published.map((key) => key.kid[0]).sort()).toEqual(['d', 's']);
    for (const key of published) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
      expect(key).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig' });
      expect(Buffer.from(String(Object(key).n), 'base64url')).toHaveLength(256);
    }
    const currentDate = new Date(tested.clock.now());
    const verifyOptions = { algorithms: ['RS256'], currentDate };
    for (const dynamic of [true, false]) {
      const token = await accessTokenOf(tested.core, dynamic);
      const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: published }), verifyOptions);
      expect(payload.sub).toBe('user');
    }
  });

  it('rotates the dynamic key and keeps the static one', async () => {
    const [dynamic, fixed] = [await accessTokenOf(tested.core), await accessTokenOf(tested.core, false)];
    tested.clock.moveSeconds(10 * HOUR_SECONDS - 1);
    expect(kidOf(await accessTokenOf(tested.core))).toBe(kidOf(dynamic));
    tested.clock.moveSeconds(1);
    expect(kidOf(await accessTokenOf(tested.core))).not.toBe(kidOf(dynamic));
    expect(kidOf(await accessTokenOf(tested.core, false))).toBe(kidOf(fixed));
  });

  it('makes one key for twenty that sign at once', async () => {
    tested.clock.moveSeconds(10 * HOUR_SECONDS);
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => accessTokenOf(tested.core, n % 2 === 0)));
    expect(new Set(tokens.map(kidOf)).size).toBe(2);
    expect(await publishedKids()).toHaveLength(3);
  });

  it('verifies and publishes the old key while tokens it signed are alive', async () => {
    tested.clock.moveSeconds(10 * HOUR_SECONDS - 1);
    const old = await accessTokenOf(tested.core);
    tested.clock.moveSeconds(HOUR_SECONDS - 1);
    const fresh = await accessTokenOf(tested.core);
    expect(kidOf(fresh)).not.toBe(kidOf(old));
    expect(await publishedKids()).toEqual(expect.arrayContaining([kidOf(old), kidOf(fresh)]));
    expect(await verifyStatus(tested.core, old)).toBe('OK');
    tested.clock.moveSeconds(1);
    expect(await verifyStatus(tested.core, old)).toBe('TRY_REFRESH_TOKEN');
  });

  it('lets clients keep the set for ten minutes, and for less than its remaining life', async () => {
    expect((await keys.getJWKS()).maxAgeSeconds).toBe(600);
    tested.clock.moveSeconds(10 * HOUR_SECONDS - 100);
    expect((await keys.getJWKS()).maxAgeSeconds).toBe(99);
    tested.clock.moveSeconds(99);
    expect((await keys.getJWKS()).maxAgeSeconds).toBe(0);
    tested.clock.moveSeconds(1);
    expect((await keys.getJWKS()).maxAgeSeconds).toBe(600);
  });
});

describe.each(persistentCores)('signing keys of several processes: $name', ({ create }) => {
  let tested: PersistentCoreUnderTest;
  let another: Core;

  beforeEach(async () => {
    tested = await create({ signingKeyLifetimeHours: 10 });
    another = await tested.openAnother();
  });
  afterEach(() => tested.close());

  it('uses one key in all of them, at the start and after rotations', async () => {
    for (let round = 0; round < 3; round++) {
      const tokens = await Promise.all(
        Array.from({ length: 10 }, (_, number) => accessTokenOf(number % 2 === 0 ? tested.core : another)),
      );
      expect(new Set(tokens.map(kidOf)).size).toBe(1);
      tested.clock.moveSeconds(10 * HOUR_SECONDS);
    }
  });

  it('learns of a key that another process has made', async () => {
    await verifyStatus(another, await accessTokenOf(tested.core, false), false);
    tested.clock.moveSeconds(10 * HOUR_SECONDS);
    const token = await accessTokenOf(tested.core);
    expect(await verifyStatus(another, token)).toBe('OK');
    const { keys } = await another.port(SigningKeysCore).getJWKS();
    expect(keys.map((key) => key.kid)).toContain(kidOf(token));
  });
});

describe.each(persistentCores)('the algorithm of signing keys: $name', ({ create }) => {
  it.each(['ES256', 'EdDSA'] as const)('signs by %s what any library of JWTs verifies', async (signingAlgorithm) => {
    const tested = await create({ signingAlgorithm });
    try {
      const token = await accessTokenOf(tested.core);
      expect(await verifyStatus(tested.core, token)).toBe('OK');
      const { keys } = await tested.core.port(SigningKeysCore).getJWKS();
      for (const key of keys) expect(Object.keys(key)).not.toContain('d');
      const options = { algorithms: [signingAlgorithm], currentDate: new Date(tested.clock.now()) };
      const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), options);
      expect(payload.sub).toBe('user');
      // Another process, which reads the key from where it is kept.
      expect(await verifyStatus(await tested.openAnother({ signingAlgorithm }), token)).toBe('OK');
    } finally {
      await tested.close();
    }
  });

  it('is the one of the key, whatever the header of a token says', async () => {
    const tested = await create({ signingAlgorithm: 'ES256' });
    try {
      const parts = splitToken(await accessTokenOf(tested.core));
      for (const alg of ['RS256', 'EdDSA', 'none', 'ES384', 'HS256']) {
        const forged = joinToken({ ...parts, header: { ...parts.header, alg } });
        expect(await verifyStatus(tested.core, forged)).toBe('TRY_REFRESH_TOKEN');
      }
      const changed = joinToken({ ...parts, payload: { ...parts.payload, sub: 'admin' } });
      expect(await verifyStatus(tested.core, changed)).toBe('TRY_REFRESH_TOKEN');
    } finally {
      await tested.close();
    }
  });

  it('changes with the next key, and tokens of the one before live on', async () => {
    const tested = await create({ signingKeyLifetimeHours: 10, accessTokenLifetimeSeconds: HOUR_SECONDS });
    try {
      const before = await accessTokenOf(tested.core);
      const changed = await tested.openAnother({ signingKeyLifetimeHours: 10, signingAlgorithm: 'EdDSA' });
      expect(kidOf(await accessTokenOf(changed))).toBe(kidOf(before));
      tested.clock.moveSeconds(10 * HOUR_SECONDS - 1);
      const last = await accessTokenOf(tested.core);
      tested.clock.moveSeconds(1);
      const after = await accessTokenOf(changed);
      expect(splitToken(after).header).toMatchObject({ alg: 'EdDSA' });
      for (const core of [tested.core, changed]) {
        expect([await verifyStatus(core, last), await verifyStatus(core, after)]).toEqual(['OK', 'OK']);
      }
    } finally {
      await tested.close();
    }
  });
});
