import { describe, expect, it } from '@jest/globals';
import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { Argon2PasswordHasher } from './argon2-password-hasher.js';

const current = { memoryCostKiB: 1024, timeCost: 2, parallelism: 1 };
const hasher = new Argon2PasswordHasher(current);

describe('Argon2PasswordHasher', () => {
  it('makes argon2id hashes with the parameters it was given, and a salt for each', async () => {
    const hash = await hasher.hash('secret');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=1024,t=2,p=1\$/);
    expect(await hasher.hash('secret')).not.toBe(hash);
    expect(await hasher.verify('secret', hash)).toBe(true);
    expect(await hasher.verify('Secret', hash)).toBe(false);
    expect(hasher.needsRehash(hash)).toBe(false);
  });

  it.each([
    ['argon2id', 2],
    ['argon2i', 1],
    ['argon2d', 0],
  ])('verifies %s of other parameters, and wants it made again', async (_, algorithm) => {
    const hash = await argon2('secret', { algorithm, memoryCost: 512, timeCost: 3, parallelism: 2 });
    expect(await hasher.verify('secret', hash)).toBe(true);
    expect(await hasher.verify('wrong', hash)).toBe(false);
    expect(hasher.needsRehash(hash)).toBe(true);
  });

  it.each([{ memoryCostKiB: 2048 }, { timeCost: 1 }, { parallelism: 2 }])(
    'wants hashes made again after a change to %j',
    async (change) => {
      const hash = await hasher.hash('secret');
      expect(new Argon2PasswordHasher({ ...current, ...change }).needsRehash(hash)).toBe(true);
    },
  );

  it.each(['2a', '2b', '2y'] as const)('verifies imported bcrypt $%s$, and wants it made again', async (version) => {
    const hash = await bcrypt('secret', { cost: 4, version });
    expect(hash.startsWith(`$${version}$`)).toBe(true);
    expect(await hasher.verify('secret', hash)).toBe(true);
    expect(await hasher.verify('wrong', hash)).toBe(false);
    expect(hasher.needsRehash(hash)).toBe(true);
  });

  it.each([
    '',
    'secret',
    '$argon2id$',
    '$argon2id$v=19$m=1024,t=2,p=1$c2FsdA$',
    '$argon2id$v=19$m=99999999999,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
    '$2b$10$short',
    '$2b$99$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcdefg',
    '$5$rounds=5000$salt$hash',
    '\u0000',
    'x'.repeat(100_000),
  ])('takes the malformed hash %.30j for a wrong password', async (hash) => {
    expect(await hasher.verify('secret', hash)).toBe(false);
    expect(await hasher.verify('', hash)).toBe(false);
    expect(hasher.needsRehash(hash)).toBe(true);
  });

  it('tells apart passwords that differ in their last character, in case, form and NULs', async () => {
    const long = 'x'.repeat(10_000);
    const hash = await hasher.hash(`${long}a`);
    expect(await hasher.verify(`${long}b`, hash)).toBe(false);
    const withNul = await hasher.hash('se\u0000cret');
    expect(await hasher.verify('se', withNul)).toBe(false);
    expect(await hasher.verify('se\u0000cret', withNul)).toBe(true);
  });

  it('takes a password that bcrypt does not tell from the right one for a wrong one, and never stores it', async () => {
    const hash = await bcrypt('secret', { cost: 4 });
    for (const other of ['secret\u0000secret', 'secret\u0000secret\u0000secret']) {
      expect(await hasher.verify(other, hash)).toBe(false);
      expect(hasher.coversAllOf(other, hash)).toBe(false);
    }
    expect(hasher.coversAllOf('secret', hash)).toBe(true);
  });
});
