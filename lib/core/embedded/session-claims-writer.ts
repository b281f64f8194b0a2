import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClaimsChange } from '../access-token/claims-update.js';
import { mergeOf } from '../access-token/claims-update.js';
import { customClaimsToText } from '../access-token/access-token.js';
import type { FactOwner } from '../facts.js';
import type { JsonObject } from '../json.types.js';
import type { SessionGroup } from '../sessions.core.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { SessionPayloadsStorage } from './storage/session-payloads.storage.js';
import { type SessionRow, SessionsStorage } from './storage/sessions.storage.js';
import { UsersStorage } from './storage/users.storage.js';

/** So that one statement stays short, and everything else gets its turn between two. */
const BATCH_SIZE = 100;
/** How often claims are fetched for one new session, which is changed that often while they are. */
const MAX_FETCHES = 5;

export interface ChangedSession {
  row: SessionRow;
  isApplied: boolean;
}

/** Changes custom claims in the stored row, under its lock: what was written meanwhile stays. */
export class SessionClaimsWriter {
  private readonly storage: SessionsStorage;
  private readonly payloads: SessionPayloadsStorage;
  private readonly users: UsersStorage;

  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly clock: () => number,
  ) {
    this.storage = new SessionsStorage(database);
    this.payloads = new SessionPayloadsStorage(database);
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
        const written = await this.storage.update(sessionHandle, { access_token_payload }, nowMs);
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
    let row: SessionRow | undefined = inserted;
    for (let fetches = 0; fetches < MAX_FETCHES && row !== undefined; fetches++) {
      const stored = JSON.parse(row.access_token_payload) as JsonObject;
      const merged = mergeOf(await fetchClaims(stored))(stored)!;
      const [from, to] = [row.access_token_payload, customClaimsToText(merged)];
      const written = await this.payloads.replace(row.session_handle, from, to, this.clock());
      if (written !== undefined) return written;
      row = await this.storage.find(row.session_handle, this.clock());
    }
    // Somebody else keeps writing, and later than we fetched.
    return row;
  }

  /** All or none. Within it, nobody makes sessions for the user, and nobody else does the same. */
  async changeAll(owner: FactOwner, fetchUpdate: (group: SessionGroup) => Promise<JsonObject>): Promise<void> {
    await this.database.transaction(async () => {
      const id = 'userId' in owner ? owner.userId : owner.recipeUserId;
      // Unknown ids are those of users that live elsewhere.
      const userId = (await this.users.resolveUserId(id)) ?? id;
      await this.users.lockLoginMethods(userId);
      const recipeUserId = 'recipeUserId' in owner ? owner.recipeUserId : undefined;
      for (const { handles, ...group } of await this.payloads.groupsOf(userId, recipeUserId, this.clock())) {
        const update = await fetchUpdate(group);
        if (Object.keys(update).length > 0) await this.mergeIntoAll(handles, update);
      }
    });
  }

  private async mergeIntoAll(handles: string[], update: JsonObject): Promise<void> {
    const merge = mergeOf(update);
    for (let start = 0; start < handles.length; start += BATCH_SIZE) {
      const rows = await this.payloads.lock(handles.slice(start, start + BATCH_SIZE));
      await this.payloads.set(
        rows.map(({ session_handle, access_token_payload }) => ({
          session_handle,
          access_token_payload: customClaimsToText(merge(JSON.parse(access_token_payload) as JsonObject)!),
        })),
      );
      await nextTurn();
    }
  }
}
