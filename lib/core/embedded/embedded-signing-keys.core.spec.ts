import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TestClock } from '../../../test/support/test-clock.js';
import { EmbeddedSigningKeysCore } from './embedded-signing-keys.core.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { openStorage } from './storage/open-storage.js';
import { SigningKeysStorage } from './storage/signing-keys.storage.js';

describe('EmbeddedSigningKeysCore', () => {
  let database: SqlAuthDatabase;
  let clock: TestClock;
  let keys: EmbeddedSigningKeysCore;

  const ofAnotherProcess = () =>
    new EmbeddedSigningKeysCore(database, {
      signingKeyLifetimeMs: 3_600_000,
      accessTokenLifetimeMs: 60_000,
      signingAlgorithm: 'RS256',
      clock: clock.now,
    });

  beforeEach(async () => {
    database = await openStorage({ sqlite: ':memory:' });
    clock = new TestClock();
    keys = ofAnotherProcess();
  });
  afterEach(() => database.close());

  it('asks the storage at most once a second, whatever key ids are sent', async () => {
    const { kid } = await keys.signingKey('dynamic');
    await keys.signingKey('static');
    const list = jest.spyOn(SigningKeysStorage.prototype, 'list');
    try {
      clock.moveSeconds(1);
      await Promise.all(Array.from({ length: 100 }, (_, number) => keys.verificationKey(`d-${number}`)));
      for (let number = 0; number < 100; number++) {
        expect(await keys.verificationKey(`s-${number}`)).toBeUndefined();
        expect(await keys.verificationKey(kid)).toBeDefined();
      }
      expect(list).toHaveBeenCalledTimes(1);
      clock.moveSeconds(1);
      await keys.verificationKey('d-another');
      await keys.verificationKey('not-of-our-making');
      expect(list).toHaveBeenCalledTimes(2);
    } finally {
      list.mockRestore();
    }
  });

  it('knows a key at once that another process has made in its turn, though it has only just asked', async () => {
    const another = ofAnotherProcess();
    expect(await keys.verificationKey('d-made-up')).toBeUndefined();
    const { kid: fixed } = await another.signingKey('static');
    expect(await keys.verificationKey(fixed)).toBeDefined();

    clock.moveSeconds(3599.5);
    expect(await keys.verificationKey('d-made-up')).toBeUndefined();
    clock.moveSeconds(0.5);
    const { kid: rotated } = await another.signingKey('dynamic');
    expect(await keys.verificationKey(rotated)).toBeDefined();
    expect((await keys.signingKey('dynamic')).kid).toBe(rotated);
  });

  it('goes on asking after the clock was set back', async () => {
    await keys.signingKey('dynamic');
    clock.moveSeconds(-3600);
    const list = jest.spyOn(SigningKeysStorage.prototype, 'list');
    await keys.verificationKey('d-unknown');
    expect(list).toHaveBeenCalledTimes(1);
    list.mockRestore();
  });

  it('keeps the private key to itself and its database', async () => {
    await keys.signingKey('dynamic');
    const published = JSON.stringify(await keys.getJWKS());
    expect(published).not.toMatch(/"[dpq]":|PRIVATE/);
  });
});
