import { type AliasedExpression, type Expression, expressionBuilder, isExpression, type Kysely } from 'kysely';
import { CompiledStatement } from './compiled-statement.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { SessionRow } from './sessions.storage.js';
import type { Tables } from './tables.js';
import { shownUserId, storedUserId } from './user-ids.js';

const COLUMNS = [
  'session_handle',
  'user_id',
  'recipe_user_id',
  'tenant_id',
  'refresh_token_hash',
  'previous_refresh_token_hash',
  'unseen_refresh_token_hash',
  'rotated_at_ms',
  'refresh_secret',
  'access_token_payload',
  'session_data',
  'created_at_ms',
  'expires_at_ms',
  'claims_at_ms',
] as const satisfies (keyof SessionRow)[];

type Column = (typeof COLUMNS)[number];
type SessionHolderIds = Pick<SessionRow, 'user_id' | 'recipe_user_id'>;

/**
 * Sessions that come to be. Each method returns the row as it is stored: with the ids that the user and the login
 * method are shown under.
 */
export class NewSessionsStorage {
  private readonly insertingForMember: CompiledStatement<SessionRow, SessionRow>;
  private readonly insertingForHolder: CompiledStatement<SessionRow & { password_hash: string }, SessionRow>;

  constructor(private readonly database: SqlAuthDatabase) {
    this.insertingForMember = new CompiledStatement(database, (db, row) =>
      insertSelected(db, memberOf(row).forShare(['method', 'member'])),
    );
    this.insertingForHolder = new CompiledStatement(database, (db, { password_hash, ...row }) => {
      const holder = memberOf(row)
        .innerJoin('latchkey_password_credentials as credential', 'credential.recipe_user_id', 'method.recipe_user_id')
        .where('credential.password_hash', '=', password_hash);
      return insertSelected(db, holder.forShare(['method', 'member', 'credential']));
    });
  }

  async insertForAnybody(row: SessionRow): Promise<SessionRow> {
    const db = await this.database.tables();
    return db
      .insertInto('latchkey_sessions')
      .values({ ...row, ...shown(row) })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /**
   * Only while the login method belongs to that user and tenant. One statement, which waits for anyone who is changing
   * either: a deletion or a removal finds the session, or is seen here.
   *
   * @param passwordHash must still be that of the login method
   * @returns undefined, and nothing is written, where that is not so
   */
  async insertForMember(row: SessionRow, passwordHash?: string): Promise<SessionRow | undefined> {
    const [inserted] =
      passwordHash === undefined
        ? await this.insertingForMember.execute(row)
        : await this.insertingForHolder.execute({ ...row, password_hash: passwordHash });
    return inserted;
  }

  /** @returns undefined, and nothing is written, where the id is that of a user or a login method */
  async insertForUnknown(row: SessionRow): Promise<SessionRow | undefined> {
    const db = await this.database.tables();
    const { exists, not } = expressionBuilder<Tables, never>();
    const values = db.selectNoFrom(valuesOf(row)).where(not(exists(this.knownTo(row))));
    return insertSelected(db, values).executeTakeFirst();
  }

  /** Whether there is such a login method, or a user of that id. */
  async isKnown(row: SessionHolderIds): Promise<boolean> {
    const db = await this.database.tables();
    const { exists } = expressionBuilder<Tables, never>();
    const found = await db.selectNoFrom(exists(this.knownTo(row)).as('known')).executeTakeFirstOrThrow();
    return Boolean(found.known);
  }

  /** Every login method that has one of the ids. */
  private knownTo({ user_id, recipe_user_id }: SessionHolderIds) {
    return expressionBuilder<Tables, never>()
      .selectFrom('latchkey_login_methods as method')
      .select('method.recipe_user_id')
      .where((eb) =>
        eb.or([
          eb('method.recipe_user_id', '=', storedUserId(recipe_user_id)),
          eb('method.user_id', '=', storedUserId(user_id)),
        ]),
      );
  }
}

/** The session's values, if the login method belongs to that user and tenant. */
function memberOf(row: SessionRow) {
  return expressionBuilder<Tables, never>()
    .selectFrom('latchkey_login_methods as method')
    .innerJoin('latchkey_login_method_tenants as member', 'member.recipe_user_id', 'method.recipe_user_id')
    .select(valuesOf(row))
    .where('method.recipe_user_id', '=', storedUserId(row.recipe_user_id))
    .where('method.user_id', '=', storedUserId(row.user_id))
    .where('member.tenant_id', '=', row.tenant_id);
}

function insertSelected(db: Kysely<Tables>, values: Expression<unknown>) {
  return db
    .insertInto('latchkey_sessions')
    .columns([...COLUMNS])
    .expression(values)
    .returningAll();
}

function valuesOf(row: SessionRow): AliasedExpression<string | number | null, Column>[] {
  const { val } = expressionBuilder<Tables, never>();
  const values = { ...row, ...shown(row) };
  return COLUMNS.map((column) => {
    const value = values[column];
    return isExpression(value) ? (value as ReturnType<typeof shownUserId>).as(column) : val(value).as(column);
  });
}

/** What the database knows of a new session: the ids it is shown under, and which changes its claims are made after. */
function shown({ user_id: userId, recipe_user_id: recipeUserId, tenant_id }: SessionRow) {
  const { fn, selectFrom, val } = expressionBuilder<Tables, never>();
  const [user_id, recipe_user_id] = [shownUserId(userId), shownUserId(recipeUserId)];
  const changedAtMs = selectFrom('latchkey_shared_claims as shared')
    .select('shared.changed_at_ms')
    .where('shared.user_id', '=', user_id)
    .where('shared.recipe_user_id', '=', recipe_user_id)
    .where('shared.tenant_id', '=', tenant_id);
  return { user_id, recipe_user_id, claims_at_ms: fn.coalesce(changedAtMs, val(0)) };
}
