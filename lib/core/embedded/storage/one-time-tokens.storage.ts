import type { Selectable } from 'kysely';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { OneTimeTokensTable } from './tables.js';
import { shownUserId, storedUserId } from './user-ids.js';

type OneTimeTokenRow = Selectable<OneTimeTokensTable>;

/** Which tokens of a kind, by our own id of the user. */
export interface TokensOfUser {
  recipeUserId: string;
  /** Without one, whatever they are about. */
  subject?: string;
  /** Without one, those of every tenant. */
  tenantId?: string;
}

interface NewestToken {
  kind: string;
  recipeUserId: string;
  tenantId: string;
  tokenHash: string;
}

/** More than anybody has; what is left goes with the next one. */
const MAX_DELETED = 1000;

interface TokenToSpend {
  kind: string;
  tokenHash: string;
  tenantId: string;
  nowMs: number;
}

/** A token that was spent: whose it was, and what it was about. */
export interface SpentToken {
  /** As it is shown outside. */
  recipeUserId: string;
  subject: string;
}

/** A token that is there, by both ids of its login method. */
export interface FoundToken extends SpentToken {
  shownRecipeUserId: string;
}

/** Users go in under whatever id they are known by, and come out under the one that is shown. */
export class OneTimeTokensStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async insert(row: OneTimeTokenRow): Promise<void> {
    const db = await this.database.tables();
    await db
      .insertInto('latchkey_one_time_tokens')
      .values({ ...row, recipe_user_id: storedUserId(row.recipe_user_id) })
      .execute();
  }

  /** Deletes the oldest of the token's kind and user in its tenant beyond `kept`, and never the token itself. */
  async keepNewest(token: NewestToken, kept: number): Promise<void> {
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_one_time_tokens')
      .where('token_hash', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_one_time_tokens as excess')
          .select('excess.token_hash')
          .where('excess.token_hash', 'in', ({ selectFrom: from }) =>
            from('latchkey_one_time_tokens as other')
              .select('other.token_hash')
              .where('other.kind', '=', token.kind)
              .where('other.recipe_user_id', '=', storedUserId(token.recipeUserId))
              .where('other.tenant_id', '=', token.tenantId)
              .where('other.token_hash', '<>', token.tokenHash)
              .orderBy('other.expires_at_ms', 'desc')
              .orderBy('other.token_hash')
              .limit(MAX_DELETED)
              .offset(kept - 1),
          )
          // Another who makes one is about to delete them.
          .forUpdate()
          .skipLocked(),
      )
      .execute();
  }

  /** Notes a token of somebody else's. @returns false where it is noted already */
  async insertSpent(tokenHash: string, tenantId: string, expiresAtMs: number): Promise<boolean> {
    const db = await this.database.tables();
    const rows = await db
      .insertInto('latchkey_one_time_tokens')
      .values({
        token_hash: `spent-${tokenHash}`,
        kind: 'spent',
        recipe_user_id: '',
        tenant_id: tenantId,
        subject: '',
        expires_at_ms: expiresAtMs,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('token_hash')
      .execute();
    return rows.length === 1;
  }

  /** The later of two ends counts. */
  async openFlow(flowHash: string, tenantId: string, untilMs: number): Promise<void> {
    const db = await this.database.tables();
    await db
      .insertInto('latchkey_one_time_tokens')
      .values({
        token_hash: `flow-${flowHash}`,
        kind: 'flow',
        recipe_user_id: '',
        tenant_id: tenantId,
        subject: '',
        expires_at_ms: untilMs,
      })
      .onConflict((conflict) =>
        conflict
          .column('token_hash')
          .doUpdateSet({ expires_at_ms: untilMs })
          .where('latchkey_one_time_tokens.expires_at_ms', '<', untilMs),
      )
      .execute();
  }

  async isFlowOpen(flowHash: string, nowMs: number): Promise<boolean> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_one_time_tokens')
      .select('token_hash')
      .where('token_hash', '=', `flow-${flowHash}`)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** @returns our own id of the login method a token was made for, whether or not the token still works */
  async findOwner(kind: string, tokenHash: string): Promise<string | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_one_time_tokens')
      .select('recipe_user_id')
      .where('token_hash', '=', tokenHash)
      .where('kind', '=', kind)
      .executeTakeFirst();
    return row?.recipe_user_id;
  }

  /** @returns our own id of the login method a token was made for, and its subject, as long as it works */
  async find({ kind, tokenHash, tenantId, nowMs }: TokenToSpend): Promise<FoundToken | undefined> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_one_time_tokens')
      .select(['recipe_user_id as recipeUserId', 'subject'])
      .select(({ ref }) => shownUserId(ref('recipe_user_id')).as('shownRecipeUserId'))
      .where('token_hash', '=', tokenHash)
      .where('kind', '=', kind)
      .where('tenant_id', '=', tenantId)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst();
  }

  /**
   * Deletes the token and every other one of its kind and login method, or only of its subject too. One statement: of
   * two that come with one token, the second finds none.
   *
   * @param spentKind what they are kept as until they would have expired; without it they are forgotten
   * @returns undefined, and nothing is deleted, when the token is unknown, expired or another tenant's
   */
  async spend(
    token: TokenToSpend,
    others: 'OF_USER' | 'OF_SUBJECT',
    spentKind?: string,
  ): Promise<SpentToken | undefined> {
    const db = await this.database.tables();
    const rows = await db
      .deleteFrom('latchkey_one_time_tokens as token')
      .where('token.kind', '=', token.kind)
      .where(({ eb, refTuple, selectFrom }) => {
        const presented = selectFrom('latchkey_one_time_tokens as presented')
          .where('presented.token_hash', '=', token.tokenHash)
          .where('presented.kind', '=', token.kind)
          .where('presented.tenant_id', '=', token.tenantId)
          .where('presented.expires_at_ms', '>', token.nowMs);
        if (others === 'OF_USER') return eb('token.recipe_user_id', '=', presented.select('presented.recipe_user_id'));
        return eb(
          refTuple('token.recipe_user_id', 'token.subject'),
          'in',
          presented.select(['presented.recipe_user_id', 'presented.subject']).$asTuple('recipe_user_id', 'subject'),
        );
      })
      .returning(['token_hash', 'recipe_user_id', 'tenant_id', 'subject', 'expires_at_ms'])
      .returning((eb) => shownUserId(eb.ref('recipe_user_id')).as('shownRecipeUserId'))
      .execute();
    const spent = rows.find((row) => row.token_hash === token.tokenHash);
    if (spent === undefined) return undefined;
    if (spentKind !== undefined) {
      const kept = rows.map((row) => ({
        kind: spentKind,
        token_hash: row.token_hash,
        recipe_user_id: row.recipe_user_id,
        tenant_id: row.tenant_id,
        subject: row.subject,
        expires_at_ms: row.expires_at_ms,
      }));
      await db.insertInto('latchkey_one_time_tokens').values(kept).execute();
    }
    return { recipeUserId: spent.shownRecipeUserId, subject: spent.subject };
  }

  async revoke(kind: string, { recipeUserId, subject, tenantId }: TokensOfUser): Promise<void> {
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_one_time_tokens')
      .where('kind', '=', kind)
      .where('recipe_user_id', '=', storedUserId(recipeUserId))
      .$if(subject !== undefined, (query) => query.where('subject', '=', subject!))
      .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId!))
      .execute();
  }

  /** Of every kind. @param recipeUserId our own id; without one, those of everybody in the tenant */
  async deleteTenantData(tenantId: string, recipeUserId: string | undefined): Promise<void> {
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_one_time_tokens')
      .where('tenant_id', '=', tenantId)
      .$if(recipeUserId !== undefined, (query) => query.where('recipe_user_id', '=', recipeUserId!))
      .execute();
  }

  /** Of every kind. @param userIds as stored */
  async deleteUserData(userIds: string[]): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_one_time_tokens').where('recipe_user_id', 'in', userIds).execute();
  }

  /** @returns how many rows, of every kind, were deleted, at most `limit` */
  async deleteExpired(nowMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_one_time_tokens')
      .where('token_hash', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_one_time_tokens as expired')
          .select('expired.token_hash')
          .where('expired.expires_at_ms', '<=', nowMs)
          .limit(limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
