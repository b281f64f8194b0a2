import { PUBLIC_TENANT_ID } from '../../core.js';
import type { RoleOfUser } from '../../user-roles.core.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import { shownUserId, storedUserId } from './user-ids.js';

declare module './tables.js' {
  interface Tables {
    latchkey_user_roles: { role: string; tenant_id: string; user_id: string };
  }
}

/** Who has which role in which tenant. Users go in under whatever id they are known by. */
export class UserRolesStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /**
   * In one statement, which holds the role, and the tenant unless it is the public one, until the end of the transaction:
   * neither is deleted meanwhile.
   * @returns false where the user has the role already, or role or tenant do not exist
   */
  async give({ tenantId, userId, role }: RoleOfUser): Promise<boolean> {
    const db = await this.database.tables();
    const isDeletable = tenantId !== PUBLIC_TENANT_ID;
    const rows = await db
      .insertInto('latchkey_user_roles')
      .columns(['role', 'tenant_id', 'user_id'])
      .expression(({ selectFrom, val }) =>
        selectFrom('latchkey_roles as known')
          .$if(isDeletable, (query) =>
            query.innerJoin('latchkey_tenants as tenant', (join) => join.on('tenant.tenant_id', '=', tenantId)),
          )
          .select(['known.role', val(tenantId).as('tenant_id'), storedUserId(userId).as('user_id')])
          .where('known.role', '=', role)
          .forKeyShare(),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning('role')
      .execute();
    return rows.length === 1;
  }

  /** @returns false where the user did not have it */
  async take({ tenantId, userId, role }: RoleOfUser): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_user_roles')
      .where('role', '=', role)
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', storedUserId(userId))
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  async rolesOf(tenantId: string, userId: string): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_user_roles')
      .select('role')
      .where('user_id', '=', storedUserId(userId))
      .where('tenant_id', '=', tenantId)
      .orderBy('role')
      .execute();
    return rows.map(({ role }) => role);
  }

  /** Whether the user has a role in any tenant. */
  async hasAny(userId: string): Promise<boolean> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_user_roles')
      .select('role')
      .where('user_id', '=', storedUserId(userId))
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** One walk along the primary key. @param after our own id of the last user of the page before */
  async holders(
    { tenantId, role }: { tenantId: string; role: string },
    after: string | undefined,
    limit: number | undefined,
  ): Promise<{ user_id: string; shown_id: string }[]> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_user_roles as holder')
      .select('holder.user_id')
      .select(({ ref }) => shownUserId(ref('holder.user_id')).as('shown_id'))
      .where('holder.role', '=', role)
      .where('holder.tenant_id', '=', tenantId)
      .$if(after !== undefined, (query) => query.where('holder.user_id', '>', after!))
      .orderBy('holder.user_id')
      .$if(limit !== undefined, (query) => query.limit(limit!))
      .execute();
  }

  /** In whatever tenant. @returns the ids that they are shown by, each once */
  async someHolders(role: string, limit: number): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_user_roles as holder')
      .select(({ ref }) => shownUserId(ref('holder.user_id')).as('shown_id'))
      .where('holder.role', '=', role)
      .orderBy('holder.tenant_id')
      .orderBy('holder.user_id')
      .limit(limit)
      .execute();
    return [...new Set(rows.map(({ shown_id }) => shown_id))];
  }

  async deleteOfRole(role: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_user_roles').where('role', '=', role).execute();
  }

  /** @param userIds as stored */
  async deleteOfUsers(userIds: string[]): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_user_roles').where('user_id', 'in', userIds).execute();
  }

  async deleteOfTenant(tenantId: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_user_roles').where('tenant_id', '=', tenantId).execute();
  }

  /** Of those who are no members of the tenant any more. @param userIds as stored */
  async deleteOfFormerMembers(tenantId: string, userIds: string[]): Promise<void> {
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_user_roles')
      .where('user_id', 'in', userIds)
      .where('tenant_id', '=', tenantId)
      .where(({ exists, not, selectFrom }) =>
        not(
          exists(
            selectFrom('latchkey_user_tenants as member')
              .select('member.user_id')
              .where('member.tenant_id', '=', tenantId)
              .whereRef('member.user_id', '=', 'latchkey_user_roles.user_id'),
          ),
        ),
      )
      .execute();
  }
}
