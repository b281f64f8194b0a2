import type { ClaimsChange } from '../access-token/claims-update.js';
import { mergeOf } from '../access-token/claims-update.js';
import type { FactOwner } from '../facts.js';
import type { JsonObject } from '../json.types.js';
import type { SessionGroup, SessionInformation, SessionsCore } from '../sessions.core.js';
import type { UsersCore } from '../users.core.js';

/** Requests to the core at a time, for the sessions of one user. */
const MAX_AT_ONCE = 8;

type ReadsAndWritesClaims = Pick<
  SessionsCore,
  'getSessionInformation' | 'getAllSessionHandlesForUser' | 'updateAccessTokenPayload'
>;

/**
 * Merges claims into stored sessions by reading and writing them: the wire has no merge. What this process merges
 * comes one after the other; another process may write between the two.
 */
export class RemoteSessionClaims {
  private readonly lastInLine = new Map<string, Promise<unknown>>();

  constructor(
    private readonly sessions: ReadsAndWritesClaims,
    private readonly users: Pick<UsersCore, 'getUser'>,
  ) {}

  /** @returns undefined when the session does not exist; `claims` is undefined where the change makes none */
  async change<T>(
    sessionHandle: string,
    change: ClaimsChange,
    write: (claims: JsonObject | undefined) => Promise<T>,
  ): Promise<T | undefined> {
    return this.inLine(sessionHandle, async () => {
      const information = await this.sessions.getSessionInformation(sessionHandle);
      return information && write(change(information.customClaimsInAccessTokenPayload));
    });
  }

  async changeAll(owner: FactOwner, fetchUpdate: (group: SessionGroup) => Promise<JsonObject>): Promise<void> {
    const id = 'userId' in owner ? owner.userId : owner.recipeUserId;
    const userId = (await this.users.getUser(id))?.id ?? id;
    const updates = new Map<string, Promise<JsonObject>>();
    const updateFor = ({ recipeUserId, tenantId }: SessionInformation) => {
      const key = JSON.stringify([recipeUserId, tenantId]);
      const update = updates.get(key) ?? fetchUpdate({ userId, recipeUserId, tenantId });
      updates.set(key, update);
      return update;
    };
    const changeOne = async (sessionHandle: string) => {
      const information = await this.sessions.getSessionInformation(sessionHandle);
      if (information === undefined) return;
      if ('recipeUserId' in owner && information.recipeUserId !== owner.recipeUserId) return;
      const update = await updateFor(information);
      if (Object.keys(update).length === 0) return;
      await this.change(sessionHandle, mergeOf(update), async (claims) => {
        await this.sessions.updateAccessTokenPayload({ sessionHandle, accessTokenPayload: claims! });
      });
    };
    const handles = await this.sessions.getAllSessionHandlesForUser({ userId });
    for (let start = 0; start < handles.length; start += MAX_AT_ONCE) {
      await Promise.all(handles.slice(start, start + MAX_AT_ONCE).map(changeOne));
    }
  }

  /** After whatever was asked for the same session before. */
  async inLine<T>(sessionHandle: string, work: () => Promise<T>): Promise<T> {
    const before = this.lastInLine.get(sessionHandle) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.lastInLine.set(sessionHandle, mine);
    try {
      return await mine;
    } finally {
      if (this.lastInLine.get(sessionHandle) === mine) this.lastInLine.delete(sessionHandle);
    }
  }
}
