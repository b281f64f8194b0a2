import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PASSWORD_RESET } from './password-reset-tokens.js';
import { EMAIL_VERIFICATION } from './embedded-email-verification.core.js';
import { OneTimeTokens, type TokenKind } from './one-time-tokens.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import type { EmbeddedDatabaseOptions } from './storage/database.options.js';
import { openStorage } from './storage/open-storage.js';
import { lentSchema } from '../../../test/support/kept-schemas.js';

const ada = { tenantId: 'public', recipeUserId: 'ada', subject: 'ada@example.com', expiresAtMs: 100 };

interface Place {
  options: EmbeddedDatabaseOptions;
  drop(): Promise<void>;
}

const inMemory = (): Place => ({ options: { sqlite: ':memory:' }, drop: async () => undefined });
const onPostgres = (): Place => {
  const { schema, pools, giveBack } = lentSchema();
  return { options: { postgres: pools[0], schema }, drop: giveBack };
};

describe.each([
  ['SQLite', inMemory],
  ['PostgreSQL', onPostgres],
])('The tokens of one account, on %s', (_name, place) => {
  let database: SqlAuthDatabase;
  let tokens: OneTimeTokens;
  let close: () => Promise<void>;

  beforeEach(async () => {
    const { options, drop } = place();
    database = await openStorage(options);
    tokens = new OneTimeTokens(database, () => 99);
    close = async () => {
      await database.close();
      await drop();
    };
  });
  afterEach(() => close());

  const create = (kind: TokenKind, change: Partial<typeof ada> = {}) => tokens.create(kind, { ...ada, ...change });
  const works = async (kind: TokenKind, token: string) =>
    (await database.transaction(() => tokens.spend(kind, 'public', token))) !== undefined;
  const live = async (kind: TokenKind, tenantId = 'public') => {
    const db = await database.tables();
    const rows = db.selectFrom('latchkey_one_time_tokens').select('token_hash').where('kind', '=', kind.name);
    return (await rows.where('recipe_user_id', '=', 'ada').where('tenant_id', '=', tenantId).execute()).length;
  };

  it.each([PASSWORD_RESET, EMAIL_VERIFICATION])('are ten of $name at most, and the oldest goes', async (kind) => {
    const other = kind === PASSWORD_RESET ? EMAIL_VERIFICATION : PASSWORD_RESET;
    const [ofBob, ofOtherKind] = [await create(kind, { recipeUserId: 'bob' }), await create(other)];
    await create(kind, { tenantId: 'acme' });
    const made: string[] = [];
    // Whatever they are about.
    for (let number = 0; number < 12; number++) {
      const subject = number % 2 === 0 ? ada.subject : `${number}@example.com`;
      made.push(await create(kind, { expiresAtMs: 100 + number, subject }));
    }
    expect([await live(kind), await live(kind, 'acme')]).toEqual([10, 1]);
    expect([await works(kind, made[0]!), await works(kind, made[2]!)]).toEqual([false, true]);
    expect([await works(kind, ofBob), await works(other, ofOtherKind)]).toEqual([true, true]);
  });

  it('are no more where many are made at once, and the newest is one of them', async () => {
    await Promise.all(Array.from({ length: 30 }, () => create(PASSWORD_RESET)));
    expect(await live(PASSWORD_RESET)).toBeLessThanOrEqual(10);
    expect(await works(PASSWORD_RESET, await create(PASSWORD_RESET))).toBe(true);
  });

  it('are as many as are made where their kind has no such number', async () => {
    const kind: TokenKind = { name: 'invitation', spendsOthers: 'OF_SUBJECT' };
    for (let number = 0; number < 12; number++) await create(kind);
    expect(await live(kind)).toBe(12);
  });
});

describe('OneTimeTokens', () => {
  let database: SqlAuthDatabase;
  let tokens: OneTimeTokens;
  let nowMs: number;

  beforeEach(async () => {
    database = await openStorage({ sqlite: ':memory:' });
    nowMs = 99;
    tokens = new OneTimeTokens(database, () => nowMs);
  });
  afterEach(() => database.close());

  const reset = (change: Partial<typeof ada> = {}) => tokens.create(PASSWORD_RESET, { ...ada, ...change });
  const verification = (change: Partial<typeof ada> = {}) => tokens.create(EMAIL_VERIFICATION, { ...ada, ...change });
  const works = async (kind: TokenKind, token: string, tenantId = 'public') =>
    (await database.transaction(() => tokens.spend(kind, tenantId, token))) !== undefined;
  const count = async () => {
    const db = await database.tables();
    return (await db.selectFrom('latchkey_one_time_tokens').selectAll().execute()).length;
  };

  it('says whose the token is and what it is about, once', async () => {
    const token = await reset();
    expect(await tokens.spend(PASSWORD_RESET, 'public', token)).toEqual({
      recipeUserId: 'ada',
      subject: 'ada@example.com',
      loginMethod: undefined,
    });
    expect(await works(PASSWORD_RESET, token)).toBe(false);
  });

  it('lets a token of one kind neither work nor go as another', async () => {
    const [resetToken, verificationToken] = [await reset(), await verification()];
    expect(await works(EMAIL_VERIFICATION, resetToken)).toBe(false);
    expect(await works(PASSWORD_RESET, resetToken)).toBe(true);
    expect(await works(EMAIL_VERIFICATION, verificationToken)).toBe(true);
  });

  it('spends the others of the user, or of the subject, as the kind says; never those of others', async () => {
    const other = { subject: 'other@example.com' };
    const bob = { recipeUserId: 'bob' };
    const resets = [await reset(), await reset(other), await reset({ tenantId: 'acme' }), await reset(bob)];
    const verifications = [
      await verification(),
      await verification(),
      await verification(other),
      await verification(bob),
    ];
    expect(await works(PASSWORD_RESET, resets[0]!)).toBe(true);
    expect(await works(EMAIL_VERIFICATION, verifications[0]!)).toBe(true);
    expect(await works(PASSWORD_RESET, resets[1]!)).toBe(false);
    expect(await works(PASSWORD_RESET, resets[2]!, 'acme')).toBe(false);
    expect(await works(EMAIL_VERIFICATION, verifications[1]!)).toBe(false);
    expect(await works(EMAIL_VERIFICATION, verifications[2]!)).toBe(true);
    expect(await works(PASSWORD_RESET, resets[3]!)).toBe(true);
    expect(await works(EMAIL_VERIFICATION, verifications[3]!)).toBe(true);
  });

  it('spends nothing for another tenant, nor after the time is over', async () => {
    const token = await reset();
    expect(await works(PASSWORD_RESET, token, 'acme')).toBe(false);
    nowMs = 100;
    expect(await works(PASSWORD_RESET, token)).toBe(false);
    nowMs = 99;
    expect(await works(PASSWORD_RESET, token)).toBe(true);
  });

  it('revokes those of a user, of one subject and tenant where they are named', async () => {
    const [kept, gone] = [await verification({ tenantId: 'acme' }), await verification()];
    await tokens.revoke(EMAIL_VERIFICATION, { recipeUserId: 'ada', subject: ada.subject, tenantId: 'public' });
    expect(await works(EMAIL_VERIFICATION, gone)).toBe(false);
    expect(await works(EMAIL_VERIFICATION, kept, 'acme')).toBe(true);
    const another = await verification();
    await tokens.revoke(PASSWORD_RESET, { recipeUserId: 'ada' });
    expect(await works(EMAIL_VERIFICATION, another)).toBe(true);
  });

  it('deletes those of a user, a tenant, a member of a tenant, and what has expired, of every kind', async () => {
    const create = async (change: Partial<typeof ada>) => {
      await reset(change);
      await verification(change);
    };
    await create({});
    await create({ recipeUserId: 'bob' });
    await create({ recipeUserId: 'bob', tenantId: 'acme' });
    await create({ recipeUserId: 'eve', tenantId: 'acme' });
    await create({ recipeUserId: 'eve', tenantId: 'acme', expiresAtMs: 99 });
    expect(await count()).toBe(10);
    await tokens.housekeep();
    expect(await count()).toBe(8);
    await tokens.deleteUserData({ userId: 'ada', recipeUserIds: [] });
    expect(await count()).toBe(6);
    await tokens.deleteTenantData({ tenantId: 'acme', recipeUserId: 'bob' });
    expect(await count()).toBe(4);
    await tokens.deleteTenantData({ tenantId: 'acme' });
    expect(await count()).toBe(2);
  });
});
