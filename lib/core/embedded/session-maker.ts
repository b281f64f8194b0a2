import { type SessionRefusal, SessionRefusedError } from '../auth.error.js';
import { PUBLIC_TENANT_ID } from '../core.js';
import type { CreateNewSessionCoreInput } from '../sessions.core.js';
import type { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import type { CredentialsOwner } from './engine-part.js';
import { deleteInBatches } from './housekeeper.js';
import type { SessionClaimsWriter } from './session-claims-writer.js';
import type { EndedSessionsStorage } from './storage/ended-sessions.storage.js';
import { NewSessionsStorage } from './storage/new-sessions.storage.js';
import type { SessionAge } from './storage/session-age.js';
import { SessionLimitsStorage } from './storage/session-limits.storage.js';
import type { SessionRow } from './storage/sessions.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

export interface SessionMakerDependencies {
  database: SqlAuthDatabase;
  tenants: EmbeddedTenantsCore;
  credentials: CredentialsOwner;
  clock: () => number;
  age: SessionAge;
  ended: EndedSessionsStorage;
  maxUserSessions: number;
}

/** Stores new sessions: for whom they may be, with their claims, and no more of a user than there may be. */
export class SessionMaker {
  private readonly newSessions: NewSessionsStorage;
  private readonly limits: SessionLimitsStorage;

  constructor(
    private readonly claims: SessionClaimsWriter,
    private readonly engine: SessionMakerDependencies,
  ) {
    this.newSessions = new NewSessionsStorage(engine.database);
    this.limits = new SessionLimitsStorage(engine.database, engine.age, engine.ended);
  }

  /**
   * Nobody holds the tokens of the session before it is complete, and so no user holds more sessions than there may be.
   * @throws {SessionRefusedError} nothing is stored, and no other session has ended
   */
  async make(row: SessionRow, input: CreateNewSessionCoreInput): Promise<SessionRow> {
    const stored = await this.withFetchedClaims(await this.insert(row, input), input);
    const { database, maxUserSessions } = this.engine;
    // The transaction that ends sessions must see those that others have made at the same time.
    if (maxUserSessions > 0) await database.afterCommit(() => this.endOldest(stored, maxUserSessions));
    return stored;
  }

  /** One look as a rule. What is too much, as after the limit was lowered, goes in batches that hold nobody up. */
  private async endOldest(session: SessionRow, max: number): Promise<void> {
    const { database, clock } = this.engine;
    if (!(await this.limits.isExceeded(session, max, clock()))) return;
    await deleteInBatches((limit) =>
      database.transaction(() => this.limits.endOldest(session, max, clock(), limit), { repeatable: true }),
    );
  }

  /** @throws {SessionRefusedError} */
  private async insert(row: SessionRow, input: CreateNewSessionCoreInput): Promise<SessionRow> {
    const { holder = 'anybody', recipeUserId, tenantId, credentialsVersion } = input;
    if (holder === 'anybody') return this.inTenant(tenantId, () => this.newSessions.insertForAnybody(row));
    if (holder === 'member-or-unknown' && credentialsVersion === undefined) {
      const inserted = await this.inTenant(tenantId, () => this.newSessions.insertForUnknown(row));
      if (inserted !== undefined) return inserted;
    }
    const refuse = (reason: SessionRefusal) => new SessionRefusedError(reason, { recipeUserId, tenantId });
    // Twice: an email that moves meanwhile takes the membership away and gives it back.
    for (let attempt = 0; attempt < 2; attempt++) {
      const passwordHash =
        credentialsVersion === undefined
          ? undefined
          : await this.engine.credentials.passwordHashOf({ recipeUserId, credentialsVersion });
      if (credentialsVersion !== undefined && passwordHash === undefined) throw refuse('CREDENTIALS_CHANGED');
      const inserted = await this.newSessions.insertForMember(row, passwordHash);
      if (inserted !== undefined) return inserted;
    }
    throw refuse((await this.newSessions.isKnown(row)) ? 'NOT_IN_TENANT' : 'UNKNOWN_USER');
  }

  /** For who is no member of a tenant, whose row would say that the tenant is still there. */
  private async inTenant<T>(tenantId: string, insert: () => Promise<T>): Promise<T> {
    if (tenantId === PUBLIC_TENANT_ID) return insert();
    const { database, tenants } = this.engine;
    const work = async () => {
      await tenants.hold(tenantId);
      return insert();
    };
    return database.transaction(work, { repeatable: true });
  }

  private async withFetchedClaims(row: SessionRow, { fetchClaims }: CreateNewSessionCoreInput): Promise<SessionRow> {
    if (fetchClaims === undefined) return row;
    try {
      const completed = await this.claims.complete(row, fetchClaims);
      if (completed !== undefined) return completed;
    } catch (error) {
      await this.engine.ended.delete([row.session_handle], this.engine.clock());
      throw error;
    }
    // Anyone who deleted the user, or took them out of the tenant, has deleted the session.
    const { recipe_user_id: recipeUserId, tenant_id: tenantId } = row;
    throw new SessionRefusedError('UNKNOWN_USER', { recipeUserId, tenantId });
  }
}
