import { beforeEach, describe, expect, it } from '@jest/globals';
import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { CountingPasswordHasher } from '../../../test/support/counting-password-hasher.js';
import type { PasswordHasher } from '../password-hasher.js';
import { Argon2PasswordHasher } from './argon2-password-hasher.js';
import { BoundedPasswordHasher } from './bounded-password-hasher.js';
import { hashingCost } from './password-decoy.js';
import { Passwords } from './passwords.js';

const cheap = { memoryCostKiB: 64, timeCost: 1, parallelism: 1 };
const NFC = 'Zoë-läuft-42'.normalize('NFC');
const NFD = NFC.normalize('NFD');

const behindLine = (hasher: PasswordHasher) => BoundedPasswordHasher.around(hasher, { concurrent: 1, waiting: 0 });

describe('Passwords', () => {
  let hasher: CountingPasswordHasher;
  let passwords: Passwords;
  let ours: string;

  beforeEach(async () => {
    hasher = new CountingPasswordHasher(new Argon2PasswordHasher(cheap));
    ours = await hasher.hash('what nobody knows');
    passwords = new Passwords(behindLine(hasher), ours);
  });

  /** The costs of all verifications of one refused sign-in. */
  async function costsOf(passwordHash: string | undefined, password = 'wrong'): Promise<string[]> {
    hasher.verifiedAgainst.length = 0;
    expect(await passwords.verify(password, passwordHash)).toBeUndefined();
    return hasher.verifiedAgainst.map(hashingCost).toSorted();
  }

  it('are the same in each normal form of Unicode', async () => {
    for (const stored of [await passwords.hash(NFC), await passwords.hash(NFD)]) {
      expect(await passwords.verify(NFD, stored)).toBe(NFC);
      expect(await passwords.verify(NFC, stored)).toBe(NFC);
      expect(passwords.needsRewrite(NFC, stored)).toBe(false);
    }
  });

  it('that were hashed as they came still match, and are rewritten', async () => {
    const stored = await argon2(NFD, { memoryCost: 64, timeCost: 1, parallelism: 1 });
    for (const typed of [NFC, NFD]) {
      const matching = await passwords.verify(typed, stored);
      expect(matching).toBe(NFD);
      expect(passwords.needsRewrite(NFD, stored)).toBe(true);
    }
    expect(await passwords.verify(NFC, await passwords.hash(NFD))).toBe(NFC);
  });

  it('keep their spaces and NULs', async () => {
    const stored = await passwords.hash('  abc\u0000def  ');
    for (const other of ['abc\u0000def', '  abc', '  abc\u0000', '']) {
      expect(await passwords.verify(other, stored)).toBeUndefined();
    }
  });

  it('cost the same when refused, whether or not there is an account and wherever its hash came from', async () => {
    const imported = [
      await bcrypt('secret', { cost: 4 }),
      await bcrypt('secret', { cost: 5, version: '2a' }),
      await argon2('secret', { memoryCost: 128, timeCost: 2, parallelism: 1 }),
    ];
    expect(await costsOf(undefined)).toEqual([hashingCost(ours)]);
    for (const hash of imported) passwords.learn(hash);

    const unknown = await costsOf(undefined);
    expect(unknown).toEqual([ours, ...imported].map(hashingCost).toSorted());
    for (const hash of [ours, ...imported]) expect(await costsOf(hash)).toEqual(unknown);
    expect(await costsOf(imported[0], NFC)).toEqual(await costsOf(undefined, NFC));
  });

  it('make decoys that take the whole verification, and match nothing', async () => {
    for (const stored of [await bcrypt('secret', { cost: 4 }), await argon2('secret', { memoryCost: 512 })]) {
      passwords.learn(stored);
      await costsOf(undefined);
      const decoy = hasher.verifiedAgainst.find((hash) => hashingCost(hash) === hashingCost(stored))!;
      expect(decoy).not.toBe(stored);
      expect(decoy).toHaveLength(stored.length);
      // A malformed hash would be refused at once, and so tell that there is no account.
      await expect(hashOf(decoy)).resolves.toBe(false);
    }
  });

  it('learn a few costs only, since each is paid for by every refused sign-in', async () => {
    for (let memoryCost = 100; memoryCost < 120; memoryCost++) {
      passwords.learn(await argon2('secret', { memoryCost, timeCost: 1, parallelism: 1 }));
    }
    expect(await costsOf(undefined)).toHaveLength(8);
  });

  it('that bcrypt has not fully looked at are refused, or accepted by option, and never rewritten', async () => {
    const long = 'x'.repeat(73);
    const stored = await bcrypt(long, { cost: 4 });
    expect(await passwords.verify(long, stored)).toBeUndefined();

    const accepting = new Passwords(
      behindLine(new Argon2PasswordHasher({ ...cheap, bcryptBeyond72Bytes: 'accept' })),
      ours,
    );
    expect(await accepting.verify(long, stored)).toBe(long);
    expect(accepting.needsRewrite(long, stored)).toBe(false);
    const short = 'x'.repeat(72);
    expect(await accepting.verify(short, stored)).toBe(short);
    expect(accepting.needsRewrite(short, stored)).toBe(true);
  });
});

/** By the packages themselves, which throw for a malformed hash. */
async function hashOf(decoy: string): Promise<boolean> {
  const { verify } = decoy.startsWith('$2') ? await import('@node-rs/bcrypt') : await import('@node-rs/argon2');
  return decoy.startsWith('$2') ? verify('secret', decoy) : verify(decoy, 'secret');
}
