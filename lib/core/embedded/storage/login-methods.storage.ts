import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { assertEmailLength } from '../../email-address.js';
import type { LoginRecipeId, ThirdPartyInfo } from '../../users.core.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import { EmailVerificationStorage } from './email-verification.storage.js';
import type { LoginMethodsTable } from './tables.js';
import { TenantsStorage } from './tenants.storage.js';
import { shownUserId, storedUserId } from './user-ids.js';

export type LoginMethodRow = Selectable<LoginMethodsTable>;

/** The last two are its ids as they are shown outside. */
export interface LockedLoginMethod extends LoginMethodRow {
  shown_user_id: string;
  shown_recipe_user_id: string;
}

interface NewUser {
  tenantId: string;
  recipeId: LoginRecipeId;
  /** What the recipe signs in by, unique for the recipe within the tenant. */
  accountKey: string;
  email?: string;
  phoneNumber?: string;
  thirdParty?: ThirdPartyInfo & { issuer?: string };
  /** The account key, where it is not an email, a phone number or an identity at a provider: it is shown as it is. */
  shownKey?: string;
  verified: boolean;
  timeJoinedMs: number;
}

/** Our own ids, and what else a sign-in needs at once. */
interface FoundLoginMethod {
  userId: string;
  recipeUserId: string;
  shownRecipeUserId: string;
  /** Of an identity provider, where it is known. */
  issuer: string | null;
}

/** Login methods and the account names they hold: for every recipe that signs users in. */
export class LoginMethodsStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** @returns the id of the new user and of its login method, or undefined when the account name is taken */
  async createUser(user: NewUser): Promise<string | undefined> {
    return this.database.transaction(
      async () => {
        const id = randomUUID();
        // First, so that who comes second has written nothing.
        const claimed = await this.claim([user.tenantId], user.recipeId, user.accountKey, id);
        if (claimed.length === 0) return undefined;
        if (user.email !== undefined) assertEmailLength(user.email);

        const db = await this.database.tables();
        const time_joined_ms = user.timeJoinedMs;
        await db.insertInto('latchkey_users').values({ user_id: id, is_primary: 0, time_joined_ms }).execute();
        await db
          .insertInto('latchkey_user_tenants')
          .values({ tenant_id: user.tenantId, user_id: id, time_joined_ms })
          .execute();
        await db
          .insertInto('latchkey_login_methods')
          .values({
            recipe_user_id: id,
            user_id: id,
            recipe_id: user.recipeId,
            email: user.email ?? null,
            phone_number: user.phoneNumber ?? null,
            third_party_id: user.thirdParty?.id ?? null,
            third_party_user_id: user.thirdParty?.userId ?? null,
            third_party_issuer: user.thirdParty?.issuer ?? null,
            account_key: user.shownKey ?? null,
            time_joined_ms,
          })
          .execute();
        if (user.verified && user.email !== undefined) {
          await new EmailVerificationStorage(this.database).markVerified(id, user.email);
        }
        return id;
      },
      { repeatable: true },
    );
  }

  /** @returns our own ids of the user who signs in to the tenant by that account key */
  async findByAccountKey(name: {
    tenantId: string;
    recipeId: string;
    accountKey: string;
  }): Promise<FoundLoginMethod | undefined> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_login_method_tenants as member')
      .innerJoin('latchkey_login_methods as method', 'method.recipe_user_id', 'member.recipe_user_id')
      .select(['method.user_id as userId', 'method.recipe_user_id as recipeUserId'])
      .select('method.third_party_issuer as issuer')
      .select(({ ref }) => shownUserId(ref('method.recipe_user_id')).as('shownRecipeUserId'))
      .where('member.tenant_id', '=', name.tenantId)
      .where('member.recipe_id', '=', name.recipeId)
      .where('member.account_key', '=', name.accountKey)
      .executeTakeFirst();
  }

  /** Takes the row's lock, where the database has such, so that changes of one login method queue up. */
  async lock(recipeUserId: string, recipeId?: LoginRecipeId): Promise<LockedLoginMethod | undefined> {
    const query = await this.byId(recipeUserId);
    return query
      .$if(recipeId !== undefined, (some) => some.where('recipe_id', '=', recipeId!))
      .forUpdate()
      .executeTakeFirst();
  }

  async get(recipeUserId: string): Promise<LockedLoginMethod | undefined> {
    return (await this.byId(recipeUserId)).executeTakeFirst();
  }

  private async byId(recipeUserId: string) {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_login_methods')
      .selectAll()
      .select(({ ref }) => [
        shownUserId(ref('latchkey_login_methods.user_id')).as('shown_user_id'),
        shownUserId(ref('latchkey_login_methods.recipe_user_id')).as('shown_recipe_user_id'),
      ])
      .where('recipe_user_id', '=', storedUserId(recipeUserId));
  }

  /**
   * Moves a locked login method to another email in all of its tenants, or changes nothing.
   * @returns false when the email is taken in one of them
   */
  async changeEmail(method: LoginMethodRow, oldKey: string, newKey: string, email: string): Promise<boolean> {
    assertEmailLength(email);
    const db = await this.database.tables();
    const members = await db
      .selectFrom('latchkey_login_method_tenants')
      .select('tenant_id')
      .where('recipe_user_id', '=', method.recipe_user_id)
      // One order for all, or two who claim in several tenants would wait for each other.
      .orderBy('tenant_id')
      .execute();
    const tenantIds = members.map((row) => row.tenant_id);

    const claimed = await this.claim(tenantIds, method.recipe_id, newKey, method.recipe_user_id);
    const complete = claimed.length === tenantIds.length;
    await this.release(complete ? tenantIds : claimed, method.recipe_id, complete ? oldKey : newKey);
    if (!complete) return false;

    await db
      .updateTable('latchkey_login_methods')
      .set({ email })
      .where('recipe_user_id', '=', method.recipe_user_id)
      .execute();
    return true;
  }

  /** @returns `MEMBER` when it was there already, `TAKEN` when another one has its account name there */
  async addToTenant(method: LoginMethodRow, tenantId: string): Promise<'ADDED' | 'MEMBER' | 'TAKEN'> {
    const accountKey = await this.accountKey(method);
    const claimed = await this.claim([tenantId], method.recipe_id, accountKey, method.recipe_user_id);
    const db = await this.database.tables();
    if (claimed.length === 0) {
      const holder = await db
        .selectFrom('latchkey_login_method_tenants')
        .select('recipe_user_id')
        .where('tenant_id', '=', tenantId)
        .where('recipe_id', '=', method.recipe_id)
        .where('account_key', '=', accountKey)
        .executeTakeFirst();
      return holder?.recipe_user_id === method.recipe_user_id ? 'MEMBER' : 'TAKEN';
    }
    await db
      .insertInto('latchkey_user_tenants')
      .columns(['tenant_id', 'user_id', 'time_joined_ms'])
      .expression(({ selectFrom, val }) =>
        selectFrom('latchkey_users as user')
          .select([val(tenantId).as('tenant_id'), 'user.user_id', 'user.time_joined_ms'])
          .where('user.user_id', '=', method.user_id),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return 'ADDED';
  }

  /** @returns false when it was not there */
  async removeFromTenant(method: LoginMethodRow, tenantId: string): Promise<boolean> {
    const db = await this.database.tables();
    const removed = await db
      .deleteFrom('latchkey_login_method_tenants')
      .where('recipe_user_id', '=', method.recipe_user_id)
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    await db
      .deleteFrom('latchkey_user_tenants')
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', method.user_id)
      .where(({ exists, not, selectFrom }) =>
        not(
          exists(
            selectFrom('latchkey_login_methods as other')
              .innerJoin('latchkey_login_method_tenants as member', 'member.recipe_user_id', 'other.recipe_user_id')
              .select('member.tenant_id')
              .where('other.user_id', '=', method.user_id)
              .where('member.tenant_id', '=', tenantId),
          ),
        ),
      )
      .execute();
    return removed.numDeletedRows > 0n;
  }

  /** What it signs in by: as in its other tenants, or, where it is in none, by what it is. */
  private async accountKey(method: LoginMethodRow): Promise<string> {
    const db = await this.database.tables();
    const member = await db
      .selectFrom('latchkey_login_method_tenants')
      .select('account_key')
      .where('recipe_user_id', '=', method.recipe_user_id)
      .limit(1)
      .executeTakeFirst();
    return member?.account_key ?? accountKeyOf(method);
  }

  /**
   * @returns the tenants in which the key was free
   * @throws {UnknownTenantError} one was deleted meanwhile: nobody becomes a member of it
   */
  private async claim(
    tenantIds: string[],
    recipeId: string,
    accountKey: string,
    recipeUserId: string,
  ): Promise<string[]> {
    if (tenantIds.length === 0) return [];
    await new TenantsStorage(this.database).hold(tenantIds);
    const db = await this.database.tables();
    const rows = await db
      .insertInto('latchkey_login_method_tenants')
      .values(
        tenantIds.map((tenantId) => ({
          tenant_id: tenantId,
          recipe_id: recipeId,
          account_key: accountKey,
          recipe_user_id: recipeUserId,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning('tenant_id')
      .execute();
    return rows.map((row) => row.tenant_id);
  }

  private async release(tenantIds: string[], recipeId: string, accountKey: string): Promise<void> {
    if (tenantIds.length === 0) return;
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_login_method_tenants')
      .where('tenant_id', 'in', tenantIds)
      .where('recipe_id', '=', recipeId)
      .where('account_key', '=', accountKey)
      .execute();
  }
}

/** What a login method signs in by, unique for its recipe within a tenant. */
export function accountKeyOf(
  method: Pick<LoginMethodRow, 'email' | 'third_party_id' | 'third_party_user_id'> & { account_key?: string | null },
): string {
  const { email, third_party_id, third_party_user_id, account_key } = method;
  if (account_key != null) return account_key;
  return third_party_id === null ? (email ?? '') : JSON.stringify([third_party_id, third_party_user_id]);
}
