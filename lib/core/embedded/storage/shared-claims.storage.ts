import type { JsonObject } from '../../json.types.js';
import type { SessionGroup } from '../../sessions.core.js';
import type { SharedClaims } from './shared-claims.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { SharedClaimsTable } from './tables.js';
import { everyUserId } from './user-ids.js';

/** One row for each login method in a tenant, however many sessions there are: see `shared-claims.ts`. */
export class SharedClaimsStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** Within a transaction. @param update names to set; null removes */
  async change(group: SessionGroup, update: JsonObject, nowMs: number): Promise<void> {
    const stored = await this.lock(group);
    // Later than every change before, whatever the clocks of other processes say.
    const at = Math.max(nowMs, stored.changed_at_ms + 1);
    const changes = Object.fromEntries(Object.entries(update).map(([name, value = null]) => [name, { at, value }]));
    await this.write(group, { ...(JSON.parse(stored.claims) as SharedClaims), ...changes }, at);
  }

  /** Within a transaction: what was changed for sessions under one id counts for those under the other. */
  async relabel(userId: string, { from, to }: { from: string; to: string }): Promise<void> {
    const db = await this.database.tables();
    const moved = await db
      .deleteFrom('latchkey_shared_claims')
      .where('user_id', 'in', everyUserId(userId))
      .where((eb) => eb.or([eb('user_id', '=', from), eb('recipe_user_id', '=', from)]))
      .returningAll()
      .execute();
    for (const row of moved) {
      const [userId, recipeUserId] = [row.user_id, row.recipe_user_id].map((id) => (id === from ? to : id));
      const group = { userId: userId!, recipeUserId: recipeUserId!, tenantId: row.tenant_id };
      const stored = await this.lock(group);
      const [mine, theirs] = [row.claims, stored.claims].map((text) =>
        Object.entries(JSON.parse(text) as SharedClaims),
      );
      const inOrder = [...mine!, ...theirs!].sort(([, left], [, right]) => left.at - right.at);
      await this.write(group, Object.fromEntries(inOrder), Math.max(row.changed_at_ms, stored.changed_at_ms));
    }
  }

  async deleteOfUser(userId: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_shared_claims').where('user_id', 'in', everyUserId(userId)).execute();
  }

  async deleteOfTenant(tenantId: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_shared_claims').where('tenant_id', '=', tenantId).execute();
  }

  /** What is stored, made where there is nothing; within a transaction nobody else changes it until its end. */
  private async lock({ userId, recipeUserId, tenantId }: SessionGroup): Promise<SharedClaimsTable> {
    const db = await this.database.tables();
    const key = { user_id: userId, recipe_user_id: recipeUserId, tenant_id: tenantId };
    return db
      .insertInto('latchkey_shared_claims')
      .values({ ...key, claims: '{}', changed_at_ms: 0 })
      .onConflict((conflict) =>
        conflict
          .columns(['user_id', 'recipe_user_id', 'tenant_id'])
          .doUpdateSet(({ ref }) => ({ user_id: ref('excluded.user_id') })),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  private async write(group: SessionGroup, claims: SharedClaims, changedAtMs: number): Promise<void> {
    const db = await this.database.tables();
    await db
      .updateTable('latchkey_shared_claims')
      .set({ claims: JSON.stringify(claims), changed_at_ms: changedAtMs })
      .where('user_id', '=', group.userId)
      .where('recipe_user_id', '=', group.recipeUserId)
      .where('tenant_id', '=', group.tenantId)
      .execute();
  }
}
