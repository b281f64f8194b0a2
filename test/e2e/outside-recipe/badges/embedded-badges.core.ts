import type { Engine, OwnsUserData } from 'latchkey/recipe-kit';
import { type Badge, BadgesCore, type EnterResult, type IssueResult } from './badges.core.js';
import type { BadgeTables } from './badges.migrations.js';

const DAY_MS = 86_400_000;
const RECIPE_ID = 'badge';

/** The badges of a core in this process. */
export class EmbeddedBadgesCore extends BadgesCore implements OwnsUserData {
  constructor(private readonly engine: Engine) {
    super();
  }

  async issue(input: { tenantId: string; code: string; pin: string; colour: string }): Promise<IssueResult> {
    const { tenants, passwordHasher, database, accounts, clock, options } = this.engine;
    await tenants.assertOffers(input.tenantId, RECIPE_ID);
    // Before the transaction: hashing is slow on purpose.
    const pinHash = await passwordHasher.hash(input.pin);
    return database.transaction(async () => {
      const name = { tenantId: input.tenantId, recipeId: RECIPE_ID, accountKey: input.code };
      const account = await accounts.create(name);
      if (account === undefined) return { status: 'BADGE_ALREADY_EXISTS_ERROR' };
      const badge = { colour: input.colour, expiresAtMs: clock() + options.badgeLifetimeDays * DAY_MS };
      const db = await this.tables();
      await db
        .insertInto('badges')
        .values({
          recipe_user_id: account.storedRecipeUserId,
          pin_hash: pinHash,
          colour: badge.colour,
          expires_at_ms: badge.expiresAtMs,
        })
        .execute();
      return { status: 'OK', user: account.user, recipeUserId: account.recipeUserId, badge };
    });
  }

  async enter(input: { tenantId: string; code: string; pin: string }): Promise<EnterResult> {
    const { tenants, passwordHasher, accounts, clock } = this.engine;
    await tenants.assertOffers(input.tenantId, RECIPE_ID);
    const account = await accounts.find({ tenantId: input.tenantId, recipeId: RECIPE_ID, accountKey: input.code });
    const row = account && (await this.find(account.storedRecipeUserId));
    const isOpen = row !== undefined && row.expires_at_ms > clock();
    if (account === undefined || !isOpen || !(await passwordHasher.verify(input.pin, row.pin_hash))) {
      return { status: 'WRONG_BADGE_ERROR' };
    }
    return { status: 'OK', user: account.user, recipeUserId: account.recipeUserId };
  }

  async getBadge(recipeUserId: string): Promise<Badge | undefined> {
    const account = await this.engine.accounts.get(recipeUserId);
    const row = account && (await this.find(account.storedRecipeUserId));
    return row && { colour: row.colour, expiresAtMs: row.expires_at_ms };
  }

  async paint(input: { recipeUserId: string; colour: string }): Promise<{ status: 'OK' | 'UNKNOWN_BADGE_ERROR' }> {
    const { database, accounts, facts } = this.engine;
    return database.transaction(async () => {
      // First, so that nobody deletes the user meanwhile.
      const account = await accounts.lock(input.recipeUserId);
      if (account?.recipeId !== RECIPE_ID) return { status: 'UNKNOWN_BADGE_ERROR' };
      const db = await this.tables();
      await db
        .updateTable('badges')
        .set({ colour: input.colour })
        .where('recipe_user_id', '=', account.storedRecipeUserId)
        .execute();
      // In the same transaction: the claim of every session follows, or nothing is changed.
      await facts.announce({ fact: 'badgeColour', recipeUserId: input.recipeUserId });
      return { status: 'OK' };
    });
  }

  /** Found by its name: the core calls it in the transaction that deletes a user. */
  async deleteUserData({ recipeUserIds }: { recipeUserIds: string[] }): Promise<void> {
    if (recipeUserIds.length === 0) return;
    const db = await this.tables();
    await db.deleteFrom('badges').where('recipe_user_id', 'in', recipeUserIds).execute();
  }

  private async find(storedRecipeUserId: string) {
    const db = await this.tables();
    return db.selectFrom('badges').selectAll().where('recipe_user_id', '=', storedRecipeUserId).executeTakeFirst();
  }

  private tables() {
    return this.engine.database.tables<BadgeTables>();
  }
}
