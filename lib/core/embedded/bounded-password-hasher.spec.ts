import { beforeEach, describe, expect, it } from '@jest/globals';
import { HeldPasswordHasher } from '../../../test/support/held-password-hasher.js';
import { OverloadedError } from '../auth.error.js';
import { BoundedPasswordHasher } from './bounded-password-hasher.js';
import { hashingLimits, poolThreads } from './hashing-limits.js';

describe('A bounded PasswordHasher', () => {
  let held: HeldPasswordHasher;
  let bounded: BoundedPasswordHasher;

  beforeEach(() => {
    held = new HeldPasswordHasher();
    bounded = BoundedPasswordHasher.around(held, { concurrent: 2, waiting: 3 });
  });

  it('lets so many work at once, the others wait in order, and refuses what is too much', async () => {
    held.hold();
    const begun = ['1', '2', '3', '4', '5'].map((password) => bounded.hash(password));
    await expect(bounded.hash('6')).rejects.toThrow(OverloadedError);
    await expect(bounded.verify('6', 'hash')).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(held.passwords).toEqual(['1', '2']);

    held.release();
    await Promise.all(begun);
    expect(held.passwords).toEqual(['1', '2', '3', '4', '5']);
    expect(held.mostAtOnce).toBe(2);
    expect(await bounded.verify('6', await bounded.hash('6'))).toBe(true);
  });

  it('drops who is gone: at their turn, and before for those who find no room', async () => {
    held.hold();
    let isGone = false;
    const begun = ['1', '2'].map((password) => bounded.hash(password));
    const wait = (password: string) =>
      bounded.inOnePlace(
        (hasher) => hasher.hash(password),
        () => isGone && password.startsWith('gone'),
      );
    const outcomes = Promise.allSettled([wait('gone 1'), wait('3'), wait('gone 2')]);
    await expect(wait('4')).rejects.toThrow(OverloadedError);
    isGone = true;
    const later = wait('4');
    const leftLater = wait('gone 3').catch(() => 'left');
    held.release();
    await Promise.all([...begun, later]);
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(await leftLater).toBe('left');
    expect(held.passwords).toEqual(['1', '2', '3', '4']);
  });

  it('frees the place of what fails', async () => {
    const failing = () => Promise.reject(new Error('out of memory'));
    const throwing = () => {
      throw new Error('out of memory');
    };
    const failures = [failing, throwing, failing, throwing, failing].map((work) => bounded.inOnePlace(work));
    for (const { status } of await Promise.allSettled(failures)) expect(status).toBe('rejected');
    expect(await Promise.all(['1', '2', '3', '4', '5'].map((password) => bounded.hash(password)))).toHaveLength(5);
    expect(held.mostAtOnce).toBe(2);
  });

  it('has one line, however many cores share it', () => {
    expect(BoundedPasswordHasher.around(bounded, { concurrent: 9, waiting: 9 })).toBe(bounded);
  });
});

describe('How much is hashed at once', () => {
  it('is one on each core, while a thread of the pool stays free', () => {
    const limits = (cores: number, threads?: string) =>
      hashingLimits(0, 100, { cores, poolThreads: poolThreads(threads) });
    expect(limits(1)).toEqual({ concurrent: 1, waiting: 100 });
    expect(limits(2)).toEqual({ concurrent: 2, waiting: 200 });
    expect(limits(64)).toEqual({ concurrent: 3, waiting: 300 });
    expect(limits(64, '128').concurrent).toBe(64);
    for (const smallest of ['0', '1', '2', 'many']) expect(limits(64, smallest).concurrent).toBe(1);
  });

  it('is what the application says', () => {
    expect(hashingLimits(12, 0, { cores: 2, poolThreads: 4 })).toEqual({ concurrent: 12, waiting: 0 });
  });
});
