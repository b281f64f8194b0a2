import type { ClaimsChange } from '../access-token/claims-update.js';
import { mergeOf } from '../access-token/claims-update.js';
import { customClaimsToText } from '../access-token/access-token.js';
import type { FactOwner } from '../facts.js';
import type { JsonObject } from '../json.types.js';
import type { SessionGroup } from '../sessions.core.js';
import type { RevocationLog } from './storage/revocation-log.js';
import { SessionAge } from './storage/session-age.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { SessionPayloadsStorage } from './storage/session-payloads.storage.js';
import type { FoundSession } from './storage/shared-claims.js';
import { SharedClaimsStorage } from './storage/shared-claims.storage.js';
import { type SessionRow, SessionsStorage } from './storage/sessions.storage.js';
import { UsersStorage } from './storage/users.storage.js';

/** How often claims are fetched for one new session, which is changed that often while they are. */
const MAX_FETCHES = 5;

interface ChangedSession {
  row: SessionRow;
  isApplied: boolean;
}

/**
 * Changes custom claims in the stored row, under its lock: what was written meanwhile stays. What changes for all sessions of a
 * user is written once, and read with each of them: see `storage/shared-claims.ts`.
 */
export class SessionClaimsWriter {
  private readonly storage: SessionsStorage;
  private readonly payloads: SessionPayloadsStorage;
  private readonly shared: SharedClaimsStorage;
  private readonly users: UsersStorage;

  /** @param log where sessions whose claims have changed must refresh */
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly clock: () => number,
    age = new SessionAge(),
    private readonly log?: RevocationLog,
  ) {
    this.storage = new SessionsStorage(database, age);
    this.payloads = new SessionPayloadsStorage(database, age);
    this.shared = new SharedClaimsStorage(database);
    this.users = new UsersStorage(database);
  }

  /** @returns undefined when the session does not exist */
  async change(sessionHandle: string, change: ClaimsChange): Promise<ChangedSession | undefined> {
    return this.database.transaction(
      async () => {
        const nowMs = this.clock();
        const row = await this.storage.find(sessionHandle, nowMs, { lock: true });
        if (row === undefined) return undefined;
        const changed = change(JSON.parse(row.access_token_payload) as JsonObject);
        if (changed === undefined) return { row, isApplied: false };
        const access_token_payload = customClaimsToText(changed);
        const { claims_at_ms } = row;
        const written = await this.storage.update(sessionHandle, { access_token_payload, claims_at_ms }, nowMs);
        return written && { row: written, isApplied: true };
      },
      { repeatable: true },
    );
  }

  /**
   * Adds what is fetched to a session that nobody holds yet. Not under its lock, which code of the application would
   * hold: where the session was changed meanwhile, it is fetched again.
   */
  async complete(
    inserted: SessionRow,
    fetchClaims: (stored: JsonObject) => Promise<JsonObject>,
  ): Promise<SessionRow | undefined> {
    let row: FoundSession | undefined = { ...inserted, stored_payload: inserted.access_token_payload };
    for (let fetches = 0; fetches < MAX_FETCHES && row !== undefined; fetches++) {
      const stored = JSON.parse(row.access_token_payload) as JsonObject;
      const merged = mergeOf(await fetchClaims(stored))(stored)!;
      const written = await this.payloads.replace(row, customClaimsToText(merged), this.clock());
      if (written !== undefined) return written;
      row = await this.storage.find(row.session_handle, this.clock());
    }
    // Somebody else keeps writing, and later than we fetched.
    return row;
  }

  /** Within it, nobody makes sessions for the user, and nobody else does the same. */
  async changeAll(owner: FactOwner, fetchUpdate: (group: SessionGroup) => Promise<JsonObject>): Promise<void> {
    await this.database.transaction(async () => {
      const id = 'userId' in owner ? owner.userId : owner.recipeUserId;
      // Unknown ids are those of users that live elsewhere.
      const userId = (await this.users.resolveUserId(id)) ?? id;
      await this.users.lockLoginMethods(userId);
      const changed = new Set<string>();
      const recipeUserId = 'recipeUserId' in owner ? owner.recipeUserId : undefined;
      for (const group of await this.payloads.groupsOf(userId, recipeUserId, this.clock())) {
        const update = await fetchUpdate(group);
        assertUnprotected(update);
        if (Object.keys(update).length === 0) continue;
        await this.shared.change(group, update, this.clock());
        // Tokens may still have the id that the user had when they were issued.
        for (const each of [id, userId, group.userId]) changed.add(each);
      }
      await this.log?.write('claims', [...changed]);
    });
  }
}

/** @throws {BadInputError} a claim that the core itself writes */
function assertUnprotected(update: JsonObject): void {
  mergeOf(update);
}
