import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { randomBytes, randomUUID, scryptSync } from 'node:crypto';
import { BadInputError, UnknownTenantError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore, type PasswordHashingAlgorithm } from '../../lib/core/email-password.core.js';
import { Argon2PasswordHasher } from '../../lib/core/embedded/argon2-password-hasher.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { CountingPasswordHasher } from '../support/counting-password-hasher.js';
import { cores, type CoreUnderTest } from './cores.js';

const tenantId = 'public';

/** The example that Firebase has published with its algorithm. */
const firebase = {
  signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  password: 'user1password',
  passwordHash:
    '$f_scrypt$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==' +
    '$42xEC+ixf3L2lw==$m=14$r=8$s=Bw==',
};

const cheap = { memoryCostKiB: 1024, timeCost: 1, parallelism: 1 };
const hasher = new CountingPasswordHasher(new Argon2PasswordHasher(cheap, { signerKey: firebase.signerKey }));
const firebasePasswordHashing = { signerKey: firebase.signerKey };

const password = 'correct horse';
/** As `@better-auth/utils/password` makes them, but for N, in the form that they are imported in. */
function betterAuthHash(password: string): string {
  const salt = randomBytes(16).toString('hex');
  const key = scryptSync(password.normalize('NFKC'), salt, 64, { N: 2 ** 8, r: 16, p: 1 });
  const [encodedSalt, encodedKey] = [Buffer.from(salt), key].map((part) => part.toString('base64').replace(/=+$/, ''));
  return `$scrypt$ln=8,r=16,p=1$${encodedSalt}$${encodedKey}`;
}

const hashes: [name: string, algorithm: PasswordHashingAlgorithm, hash: () => Promise<string>, password: string][] = [
  ['bcrypt $2a$', 'bcrypt', () => bcrypt(password, { cost: 4, version: '2a' }), password],
  ['bcrypt $2b$', 'bcrypt', () => bcrypt(password, { cost: 4, version: '2b' }), password],
  ['bcrypt $2y$', 'bcrypt', () => bcrypt(password, { cost: 4, version: '2y' }), password],
  ['argon2d', 'argon2', () => argon2(password, { algorithm: 0, memoryCost: 64, timeCost: 1 }), password],
  ['argon2i', 'argon2', () => argon2(password, { algorithm: 1, memoryCost: 64, timeCost: 1 }), password],
  ['argon2id', 'argon2', () => argon2(password, { algorithm: 2, memoryCost: 64, timeCost: 1 }), password],
  ['scrypt of Better Auth', 'scrypt', async () => betterAuthHash(password), password],
  // It hashes the form NFKC, in which the ligature is two letters.
  ['scrypt of Better Auth, NFKC', 'scrypt', async () => betterAuthHash('ﬁ-horse'), 'ﬁ-horse'],
  ['Firebase', 'firebase_scrypt', async () => firebase.passwordHash, firebase.password],
];

const mail = () => `${randomUUID()}@example.com`;

describe.each(cores)('import of password hashes: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let emailPassword: EmailPasswordCore;

  beforeAll(async () => {
    tested = await create({ passwordHasher: hasher, firebasePasswordHashing });
    emailPassword = tested.core.port(EmailPasswordCore);
  });
  afterAll(() => tested.close());

  async function canSignIn(email: string, withPassword: string): Promise<boolean> {
    return (await emailPassword.signIn({ tenantId, email, password: withPassword })).status === 'OK';
  }

  // 'é' is two bytes, which the limit falls between.
  it.each([
    ['ASCII', 'a long passphrase of more than seventy-two bytes, as password managers make 1'],
    ['two-byte letters', `x${'é'.repeat(40)}`],
  ])('refuses a password that bcrypt has not fully looked at, and keeps its hash: %s', async (_, long) => {
    const email = mail();
    const passwordHash = await bcrypt(long, { cost: 4 });
    await emailPassword.importUserWithPasswordHash({ tenantId, email, passwordHash });
    expect(await canSignIn(email, `${long.slice(0, 75)} and another end`)).toBe(false);
    expect(await canSignIn(email, long)).toBe(false);
    expect(hasher.verifiedAgainst).toContain(passwordHash);
  });

  it('replaces the password of a user who is there, and ends the tokens that would reset it', async () => {
    const email = mail();
    const signedUp = await emailPassword.signUp({ tenantId, email, password: 'old' });
    if (signedUp.status !== 'OK') throw new Error(signedUp.status);
    const reset = await emailPassword.createResetPasswordToken({ tenantId, userId: signedUp.user.id, email });
    if (reset.status !== 'OK') throw new Error(reset.status);
    const passwordHash = await bcrypt(password, { cost: 4 });
    expect(await emailPassword.importUserWithPasswordHash({ tenantId, email, passwordHash })).toEqual({
      status: 'OK',
      user: signedUp.user,
      recipeUserId: signedUp.recipeUserId,
      didUserAlreadyExist: true,
    });
    expect(await canSignIn(email, 'old')).toBe(false);
    expect(await emailPassword.consumePasswordResetToken({ tenantId, token: reset.token })).toEqual({
      status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    });
    expect(await canSignIn(email, password)).toBe(true);
  });

  it('makes one user of ten imports at once', async () => {
    const email = mail();
    const passwordHash = await bcrypt(password, { cost: 4 });
    const results = await Promise.all(
      Array.from({ length: 10 }, () => emailPassword.importUserWithPasswordHash({ tenantId, email, passwordHash })),
    );
    expect(results.filter(({ didUserAlreadyExist }) => !didUserAlreadyExist)).toHaveLength(1);
    expect(new Set(results.map(({ user }) => user.id)).size).toBe(1);
  });

  const salted = 'abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcdefg'.slice(0, 53);
  it.each([
    '',
    'secret',
    password,
    '$2b$10$short',
    `$2x$10$${salted}`,
    `$2b$03$${salted}`,
    `$2b$31$${salted}`,
    `$2b$10$${salted}x`,
    '$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$',
    '$argon2id$v=19$m=4000000,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA',
    '$argon2id$v=19$m=64,t=4000000,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA',
    '$argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA',
    `$scrypt$ln=31,r=8,p=1$c2FsdA$${'A'.repeat(43)}`,
    `$scrypt$ln=14,r=8,p=99$c2FsdA$${'A'.repeat(43)}`,
    '$scrypt$ln=14,r=8,p=1$c2FsdA$',
    '$f_scrypt$aGFzaA==$c2FsdA==$m=14$r=8',
    '$f_scrypt$!$c2FsdA==$m=14$r=8$s=Bw==',
    '$f_scrypt$aGFzaA==$c2FsdA==$m=31$r=8$s=Bw==',
    '$f_scrypt$aGFzaA==$c2FsdA==$m=14$r=0$s=Bw==',
    'x'.repeat(100_000),
    '\u0000',
    5,
    null,
    undefined,
  ])('refuses %.60j without repeating it', async (passwordHash) => {
    const email = mail();
    const work = emailPassword.importUserWithPasswordHash({ tenantId, email, passwordHash: passwordHash as string });
    const error: unknown = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(BadInputError);
    expect((error as Error).message).toMatch(/Password hash is in invalid format|'passwordHash' is invalid/);
    if (typeof passwordHash === 'string' && passwordHash.length > 10) {
      expect((error as Error).message).not.toContain(passwordHash);
    }
    const users = tested.core.port(UsersCore);
    expect(await users.listUsersByAccountInfo({ tenantId, accountInfo: { email } })).toEqual([]);
  });

  it('refuses a hash of another algorithm than the one that is named, and an unknown one', async () => {
    const passwordHash = await bcrypt(password, { cost: 4 });
    for (const hashingAlgorithm of ['argon2', 'firebase_scrypt', 'md5', 'toString']) {
      const input = { tenantId, email: mail(), passwordHash, hashingAlgorithm: hashingAlgorithm as 'argon2' };
      await expect(emailPassword.importUserWithPasswordHash(input)).rejects.toThrow(BadInputError);
    }
  });

  it('refuses an unknown tenant', async () => {
    const input = { tenantId: 'nowhere', email: mail(), passwordHash: await bcrypt(password, { cost: 4 }) };
    await expect(emailPassword.importUserWithPasswordHash(input)).rejects.toThrow(UnknownTenantError);
  });

  it('spends a reset token without a change of the password, once', async () => {
    const email = mail();
    const signedUp = await emailPassword.signUp({ tenantId, email, password });
    if (signedUp.status !== 'OK') throw new Error(signedUp.status);
    const userId = signedUp.user.id;
    const created = await emailPassword.createResetPasswordToken({ tenantId, userId, email });
    if (created.status !== 'OK') throw new Error(created.status);
    const { token } = created;
    const invalid = { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };
    for (const wrong of ['', 'x', `${token}x`, 'A'.repeat(64), undefined, 5]) {
      expect(await emailPassword.consumePasswordResetToken({ tenantId, token: wrong as string })).toEqual(invalid);
    }
    const results = await Promise.all(
      Array.from({ length: 5 }, () => emailPassword.consumePasswordResetToken({ tenantId, token })),
    );
    expect(results.filter(({ status }) => status === 'OK')).toEqual([
      { status: 'OK', userId, recipeUserId: signedUp.recipeUserId, email },
    ]);
    expect(await emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: 'new' })).toEqual(invalid);
    expect(await canSignIn(email, password)).toBe(true);
  });

  // The last, since every refused sign-in then takes the time of each of these kinds.
  it.each(hashes)('%s: signs in with it, and has it made again', async (_, algorithm, makeHash, right) => {
    const email = mail();
    const passwordHash = await makeHash();
    const imported = await emailPassword.importUserWithPasswordHash({
      tenantId,
      email: ` ${email.toUpperCase()}`,
      passwordHash,
      hashingAlgorithm: algorithm,
    });
    expect(imported).toMatchObject({ status: 'OK', didUserAlreadyExist: false, user: { emails: [email] } });
    expect(imported.recipeUserId).toBe(imported.user.loginMethods[0]?.recipeUserId);
    expect(await canSignIn(email, 'wrong')).toBe(false);
    expect(hasher.verifiedAgainst).toContain(passwordHash);
    expect(await canSignIn(email, right)).toBe(true);
    expect(await canSignIn(email, right)).toBe(true);
    expect(hasher.verifiedAgainst.at(-1)).toMatch(/^\$argon2id\$v=19\$m=1024,/);
    expect(await canSignIn(email, 'wrong')).toBe(false);
  });
});

describe.each(cores)('import without the key of the Firebase project: $name', ({ create }) => {
  it('says what to configure', async () => {
    const tested = await create();
    try {
      const { passwordHash } = firebase;
      const input = { tenantId, email: mail(), passwordHash };
      const work = tested.core.port(EmailPasswordCore).importUserWithPasswordHash(input);
      await expect(work).rejects.toThrow(/firebasePasswordHashing\.signerKey/);
      await expect(work).rejects.toThrow(BadInputError);
    } finally {
      await tested.close();
    }
  });
});
