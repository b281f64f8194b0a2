import type { Selectable } from 'kysely';
import type { SessionsOfUser } from '../../sessions.core.js';
import { CompiledStatement } from './compiled-statement.js';
import { SessionAge } from './session-age.js';
import { type FoundSession, sharedClaims, sharedClaimsAtMs, withSharedClaims } from './shared-claims.js';
import { sessionsOfUser } from './sessions-of-user.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { SessionsTable } from './tables.js';

export type SessionRow = Selectable<SessionsTable>;
type StoredSession = NonNullable<Parameters<typeof withSharedClaims>[0]>;

/** Which tokens a session had when it was read. */
type SeenTokens = Pick<SessionRow, 'session_handle' | 'refresh_token_hash' | 'unseen_refresh_token_hash'>;

/** What changes when a session gets another refresh token. */
type Rotation = Partial<
  Pick<
    SessionRow,
    | 'refresh_token_hash'
    | 'previous_refresh_token_hash'
    | 'unseen_refresh_token_hash'
    | 'rotated_at_ms'
    | 'expires_at_ms'
  >
>;

interface Finding {
  handle: string;
  nowMs: number;
  tooOldAtMs: number;
}

interface Rotating extends Finding, Rotation {
  seenToken: string;
  seenUnseen: string | null;
}

/** Sessions while they last. @see SessionAge for which of them are there, EndedSessionsStorage for their ends */
export class SessionsStorage {
  private readonly finding: CompiledStatement<Finding, StoredSession>;
  private readonly locking: CompiledStatement<Finding, StoredSession>;
  private readonly rotating: CompiledStatement<Rotating, StoredSession>;
  private readonly rotatingUnseen: CompiledStatement<Rotating, StoredSession>;

  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly age = new SessionAge(),
  ) {
    this.finding = this.findStatement({ lock: false });
    this.locking = this.findStatement({ lock: true });
    this.rotating = this.rotateStatement({ whileUnseen: false });
    this.rotatingUnseen = this.rotateStatement({ whileUnseen: true });
  }

  /** @param options.lock keeps others from changing it until the end of the transaction */
  async find(sessionHandle: string, nowMs: number, { lock = false } = {}): Promise<FoundSession | undefined> {
    const statement = lock ? this.locking : this.finding;
    const [row] = await statement.execute(this.live(sessionHandle, nowMs));
    return this.found(row);
  }

  /**
   * Gives the session another refresh token, unless somebody else was faster.
   * @param seen the session as it was read
   * @param options.whileUnseen only while it still waits for the successor that it was waiting for
   * @returns the row as it is then; undefined when its token has changed meanwhile, or the session has ended
   */
  async rotate(
    { session_handle, refresh_token_hash: seenToken, unseen_refresh_token_hash: seenUnseen }: SeenTokens,
    rotation: Rotation,
    nowMs: number,
    { whileUnseen = false } = {},
  ): Promise<FoundSession | undefined> {
    const statement = whileUnseen ? this.rotatingUnseen : this.rotating;
    const [row] = await statement.execute({ ...rotation, ...this.live(session_handle, nowMs), seenToken, seenUnseen });
    return this.found(row);
  }

  /**
   * @param change a payload with the `claims_at_ms` of the session that it was made from; one without replaces everything
   * @returns the row as it is then, or undefined when the session does not exist
   */
  async update(
    sessionHandle: string,
    change: Partial<Pick<SessionRow, 'access_token_payload' | 'session_data' | 'claims_at_ms'>>,
    nowMs: number,
  ): Promise<FoundSession | undefined> {
    const db = await this.database.tables();
    const replacesClaims = change.access_token_payload !== undefined && change.claims_at_ms === undefined;
    const row = await db
      .updateTable('latchkey_sessions')
      .set(replacesClaims ? { ...change, claims_at_ms: sharedClaimsAtMs() } : change)
      .where('session_handle', '=', sessionHandle)
      .where(this.age.isLive(nowMs))
      .returningAll()
      .returning(sharedClaims())
      .executeTakeFirst();
    return this.found(row);
  }

  async handlesOfUser(sessions: SessionsOfUser, nowMs: number): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await sessionsOfUser(db, sessions)
      .where(this.age.isLive(nowMs))
      .orderBy('created_at_ms')
      .orderBy('session_handle')
      .execute();
    return rows.map((row) => row.session_handle);
  }

  /** @returns how many rows were deleted, at most `limit` */
  async deleteExpired(nowMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_sessions')
      .where('session_handle', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_sessions as expired')
          .select('expired.session_handle')
          .where('expired.expires_at_ms', '<=', nowMs)
          .limit(limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  private live(handle: string, nowMs: number): Finding {
    return { handle, nowMs, tooOldAtMs: this.age.tooOldAtMs(nowMs) };
  }

  private findStatement({ lock }: { lock: boolean }): CompiledStatement<Finding, StoredSession> {
    return new CompiledStatement(this.database, (db, { handle, nowMs, tooOldAtMs }) =>
      db
        .selectFrom('latchkey_sessions')
        .selectAll()
        .select(sharedClaims())
        .where('session_handle', '=', handle)
        .where(this.age.isLive(nowMs, tooOldAtMs))
        .$if(lock, (query) => query.forUpdate()),
    );
  }

  private rotateStatement({ whileUnseen }: { whileUnseen: boolean }): CompiledStatement<Rotating, StoredSession> {
    return new CompiledStatement(this.database, (db, values) => {
      const { handle, nowMs, tooOldAtMs, seenToken, seenUnseen, ...rotation } = values;
      return db
        .updateTable('latchkey_sessions')
        .set(rotation)
        .where('session_handle', '=', handle)
        .where('refresh_token_hash', '=', seenToken)
        .$if(whileUnseen, (query) => query.where('unseen_refresh_token_hash', '=', seenUnseen))
        .where(this.age.isLive(nowMs, tooOldAtMs))
        .returningAll()
        .returning(sharedClaims());
    });
  }

  private found<Row extends StoredSession | undefined>(row: Row): FoundSession | Extract<Row, undefined> {
    if (row === undefined) return undefined as Extract<Row, undefined>;
    return withSharedClaims({ ...row, expires_at_ms: this.age.cut(row.expires_at_ms, row.created_at_ms) });
  }
}
