import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CountingPasswordHasher } from '../../../test/support/counting-password-hasher.js';
import { TestClock } from '../../../test/support/test-clock.js';
import type { Core } from '../core.js';
import { EmailPasswordCore } from '../email-password.core.js';
import { PasswordHasher } from '../password-hasher.js';
import { SessionsCore } from '../sessions.core.js';
import { SigningKeysCore } from '../signing-keys.core.js';
import { TenantsCore } from '../tenants.core.js';
import { UsersCore } from '../users.core.js';
import { Argon2PasswordHasher } from '../embedded/argon2-password-hasher.js';
import { createEmbeddedCore } from './embedded-core.js';
import { OneTimeTokens } from '../embedded/one-time-tokens.js';
import { needsHousekeeping } from '../embedded/engine-part.js';
import { SqlAuthDatabase } from '../embedded/storage/sql-auth-database.js';
import type { Tables } from '../embedded/storage/tables.js';

const cheap = new Argon2PasswordHasher({ memoryCostKiB: 1024, timeCost: 1, parallelism: 1 });
const tenantId = 'public';
const email = 'ada@example.com';
const password = 'secret';

describe('the embedded core', () => {
  let core: Core;
  let clock: TestClock;
  let hasher: CountingPasswordHasher;

  beforeEach(async () => {
    clock = new TestClock();
    hasher = new CountingPasswordHasher(cheap);
    const lifetimes = { accessTokenLifetimeSeconds: 60, refreshTokenLifetimeSeconds: 100, signingKeyLifetimeHours: 1 };
    core = await createEmbeddedCore({ sqlite: ':memory:', ...lifetimes }, { passwordHasher: hasher, clock: clock.now });
  });
  afterEach(() => core.close());

  async function signUp(): Promise<string> {
    const result = await core.port(EmailPasswordCore).signUp({ tenantId, email, password });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.recipeUserId;
  }

  async function signIn(withPassword: string): Promise<string> {
    return (await core.port(EmailPasswordCore).signIn({ tenantId, email, password: withPassword })).status;
  }

  function newSession(userId = 'user') {
    return core.port(SessionsCore).createNewSession({
      tenantId,
      userId,
      recipeUserId: userId,
      accessTokenPayload: {},
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
    });
  }

  async function rows(table: keyof Tables): Promise<number> {
    const db = await core.port(SqlAuthDatabase).tables();
    const counted = db.selectFrom(table).select(({ fn }) => fn.countAll<number>().as('rows'));
    return (await counted.executeTakeFirstOrThrow()).rows;
  }

  async function storedHash(): Promise<string> {
    const db = await core.port(SqlAuthDatabase).tables();
    const row = await db.selectFrom('latchkey_password_credentials').selectAll().executeTakeFirstOrThrow();
    return row.password_hash;
  }

  async function storeHash(password_hash: string): Promise<void> {
    const db = await core.port(SqlAuthDatabase).tables();
    await db.updateTable('latchkey_password_credentials').set({ password_hash }).execute();
  }

  async function housekeep(): Promise<void> {
    for (const port of [OneTimeTokens, SessionsCore, SigningKeysCore]) {
      const part: object = core.port<object>(port);
      if (needsHousekeeping(part)) await part.housekeep();
    }
  }

  it('has no port it was not given, and says so', () => {
    abstract class FortuneTellingCore {}
    expect(() => core.port(FortuneTellingCore)).toThrow(
      'The embedded core has no FortuneTellingCore. Add its part: to coreParts of a recipe, or to parts of the core service',
    );
  });

  it('closes once, however often it is asked to', async () => {
    await Promise.all([core.close(), core.close()]);
    await core.close();
    await expect(signIn(password)).rejects.toThrow();
  });

  describe('stored secrets', () => {
    it('hold no token and no password in clear', async () => {
      const userId = await signUp();
      const { refreshToken } = await newSession(userId);
      const reset = await core.port(EmailPasswordCore).createResetPasswordToken({ tenantId, userId, email });
      if (reset.status !== 'OK') throw new Error(reset.status);
      const db = await core.port(SqlAuthDatabase).tables();
      const stored = JSON.stringify([
        await db.selectFrom('latchkey_sessions').selectAll().execute(),
        await db.selectFrom('latchkey_one_time_tokens').selectAll().execute(),
        await db.selectFrom('latchkey_password_credentials').selectAll().execute(),
      ]);
      expect(stored).not.toContain(refreshToken.token);
      expect(stored).not.toContain(refreshToken.token.split('.')[2]);
      expect(stored).not.toContain(reset.token);
      expect(stored).not.toContain(`"${password}"`);
    });
  });

  it('refuses a reset token that was made while the email was being changed', async () => {
    const userId = await signUp();
    const reset = await core.port(EmailPasswordCore).createResetPasswordToken({ tenantId, userId, email });
    if (reset.status !== 'OK') throw new Error(reset.status);
    const db = await core.port(SqlAuthDatabase).tables();
    await db.updateTable('latchkey_login_methods').set({ email: 'moved@example.com' }).execute();
    const { token } = reset;
    expect(
      await core.port(EmailPasswordCore).resetPasswordUsingToken({ tenantId, token, newPassword: 'stolen' }),
    ).toEqual({
      status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    });
    expect(await signIn('stolen')).toBe('WRONG_CREDENTIALS_ERROR');
  });

  describe('password hashes of another time', () => {
    it('are replaced at sign-in', async () => {
      await signUp();
      const outdated = await new Argon2PasswordHasher({ memoryCostKiB: 512, timeCost: 1, parallelism: 1 }).hash(
        password,
      );
      await storeHash(outdated);
      expect(await signIn('wrong')).toBe('WRONG_CREDENTIALS_ERROR');
      expect(await storedHash()).toBe(outdated);
      expect(await signIn(password)).toBe('OK');
      const replaced = await storedHash();
      expect(replaced).toContain('m=1024');
      expect(await signIn(password)).toBe('OK');
      expect(await storedHash()).toBe(replaced);
    });

    it('may be bcrypt', async () => {
      await signUp();
      await storeHash(await bcrypt('imported', { cost: 4 }));
      expect(await signIn(password)).toBe('WRONG_CREDENTIALS_ERROR');
      expect(await signIn('imported')).toBe('OK');
      expect(await storedHash()).toMatch(/^\$argon2id\$/);
      expect(await signIn('imported')).toBe('OK');
    });

    it('do not come back over a password that was changed meanwhile', async () => {
      const recipeUserId = await signUp();
      await storeHash(await bcrypt('old', { cost: 4 }));
      const emailPassword = core.port(EmailPasswordCore);
      const hash = hasher.hash.bind(hasher);
      hasher.hash = async (text) => {
        hasher.hash = hash;
        await emailPassword.updateEmailOrPassword({ recipeUserId, password: 'new' });
        return hash(text);
      };
      await signIn('old');
      expect(await signIn('old')).toBe('WRONG_CREDENTIALS_ERROR');
      expect(await signIn('new')).toBe('OK');
    });
  });

  it('signs in with any hasher it is given', async () => {
    class ReversingHasher extends PasswordHasher {
      async hash(text: string): Promise<string> {
        return [...text].toReversed().join('');
      }
      async verify(text: string, hash: string): Promise<boolean> {
        return (await this.hash(text)) === hash;
      }
      needsRehash(): boolean {
        return false;
      }
    }
    const other = await createEmbeddedCore({ sqlite: ':memory:' }, { passwordHasher: new ReversingHasher() });
    const emailPassword = other.port(EmailPasswordCore);
    await emailPassword.signUp({ tenantId, email, password });
    expect(await emailPassword.signIn({ tenantId, email, password })).toMatchObject({ status: 'OK' });
    expect(await emailPassword.signIn({ tenantId, email, password: 'terces' })).toMatchObject({
      status: 'WRONG_CREDENTIALS_ERROR',
    });
    await other.close();
  });

  describe('transactions', () => {
    const failure = new Error('on purpose');

    it('take back what every port wrote', async () => {
      const work = core.transaction(async () => {
        const userId = await signUp();
        await newSession(userId);
        await core.port(TenantsCore).createTenant('acme');
        expect(await core.port(UsersCore).getUserCount({})).toBe(1);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await core.port(UsersCore).getUserCount({})).toBe(0);
      expect(await rows('latchkey_sessions')).toBe(0);
      expect(await rows('latchkey_login_method_tenants')).toBe(0);
      expect(await core.port(TenantsCore).tenantExists('acme')).toBe(false);
      await signUp();
    });

    it('go on after an expected outcome', async () => {
      await signUp();
      await core.transaction(async () => {
        const again = await core.port(EmailPasswordCore).signUp({ tenantId, email, password });
        expect(again).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
        await newSession();
      });
      expect(await rows('latchkey_sessions')).toBe(1);
      expect(await rows('latchkey_users')).toBe(1);
    });

    it('may verify a token while somebody outside does, with a key neither knows', async () => {
      const { accessToken } = await newSession();
      const [header = ''] = accessToken.token.split('.');
      const unknown = accessToken.token.replace(
        header,
        Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT', kid: 'd-unknown', version: '5' })).toString('base64url'),
      );
      clock.moveSeconds(2);
      const verify = () =>
        core.port(SessionsCore).verifySession({
          accessToken: unknown,
          checkAntiCsrf: false,
          checkDatabase: false,
          useDynamicSigningKey: true,
        });
      let open: ((value?: unknown) => void) | undefined;
      const outside = new Promise((resolve) => {
        open = resolve;
      }).then(verify);
      await core.transaction(async () => {
        await newSession();
        open?.();
        await nextTurn();
        // Now the one outside waits for the connection, which this transaction holds.
        expect((await verify()).status).toBe('TRY_REFRESH_TOKEN');
      });
      expect((await outside).status).toBe('TRY_REFRESH_TOKEN');
    });

    it('do not leave a signing key behind that was rolled back', async () => {
      clock.moveSeconds(3600);
      let lost = '';
      const work = core.transaction(async () => {
        const { accessToken } = await newSession();
        lost = JSON.parse(Buffer.from(accessToken.token.split('.')[0]!, 'base64url').toString()).kid as string;
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      const { accessToken } = await newSession();
      expect(Buffer.from(accessToken.token.split('.')[0]!, 'base64url').toString()).not.toContain(lost);
      const { keys } = await core.port(SigningKeysCore).getJWKS();
      expect(keys.map((key) => key.kid)).not.toContain(lost);
    });
  });

  describe('housekeeping', () => {
    it('deletes expired sessions and reset tokens, however many, and no others', async () => {
      const userId = await signUp();
      const { session } = await newSession();
      const db = await core.port(SqlAuthDatabase).tables();
      const row = await db.selectFrom('latchkey_sessions').selectAll().executeTakeFirstOrThrow();
      const others = (number: number) => ({ session_handle: `old-${number}`, user_id: `old-${number}` });
      const many = Array.from({ length: 1200 }, (_, number) => ({ ...row, ...others(number) }));
      for (let start = 0; start < many.length; start += 400) {
        await db
          .insertInto('latchkey_sessions')
          .values(many.slice(start, start + 400))
          .execute();
      }
      await core.port(EmailPasswordCore).createResetPasswordToken({ tenantId, userId, email });
      clock.moveSeconds(99);
      const fresh = await newSession();
      await housekeep();
      expect(await rows('latchkey_sessions')).toBe(1202);

      clock.moveSeconds(1);
      await housekeep();
      expect(await core.port(SessionsCore).getSessionInformation(session.handle)).toBeUndefined();
      expect(await core.port(SessionsCore).getSessionInformation(fresh.session.handle)).toBeDefined();
      expect(await rows('latchkey_sessions')).toBe(1);
      expect(await rows('latchkey_one_time_tokens')).toBe(1);
      clock.moveSeconds(3600);
      await housekeep();
      expect(await rows('latchkey_one_time_tokens')).toBe(0);
    });

    it('deletes a signing key when nothing it signed can be alive', async () => {
      await newSession();
      expect(await rows('latchkey_signing_keys')).toBe(1);
      clock.moveSeconds(3600);
      await housekeep();
      expect(await rows('latchkey_signing_keys')).toBe(2);
      clock.moveSeconds(60 + 600);
      await housekeep();
      expect(await rows('latchkey_signing_keys')).toBe(2);
      clock.moveSeconds(1);
      await housekeep();
      expect(await rows('latchkey_signing_keys')).toBe(1);
      await core.port(SigningKeysCore).getJWKS();
      clock.moveSeconds(365 * 86_400);
      await housekeep();
      const { keys } = await core.port(SigningKeysCore).getJWKS();
      expect(keys.map((key) => key.kid.slice(0, 2)).sort()).toEqual(['d-', 's-']);
    });
  });
});
