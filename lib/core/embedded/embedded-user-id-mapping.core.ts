import { BadInputError } from '../auth.error.js';
import {
  checkedUserIdType,
  type CreateUserIdMappingResult,
  type UserIdMapping,
  UserIdMappingCore,
  type UserIdType,
} from '../user-id-mapping.core.js';
import { checkedUserId } from '../users.core.js';
import type { RefersToUsers } from './engine-part.js';
import { SessionLabelsStorage } from './storage/session-labels.storage.js';
import { SharedClaimsStorage } from './storage/shared-claims.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { type UserIdMappingRow, UserIdMappingStorage } from './storage/user-id-mapping.storage.js';
import { UsersStorage } from './storage/users.storage.js';

const MAX_LENGTH = 128;

/**
 * Keeps the mappings; `storage/user-ids.ts` is where they take effect. Sessions carry the id that is shown, so they follow.
 */
export class EmbeddedUserIdMappingCore extends UserIdMappingCore {
  private readonly storage: UserIdMappingStorage;
  private readonly users: UsersStorage;
  private readonly sessions: SessionLabelsStorage;
  private readonly sharedClaims: SharedClaimsStorage;

  /** @param referring asked for late: they are made after this one */
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly referring: () => RefersToUsers[],
  ) {
    super();
    this.storage = new UserIdMappingStorage(database);
    this.users = new UsersStorage(database);
    this.sessions = new SessionLabelsStorage(database);
    this.sharedClaims = new SharedClaimsStorage(database);
  }

  async create(input: {
    userId: string;
    externalUserId: string;
    externalUserIdInfo?: string;
    force?: boolean;
  }): Promise<CreateUserIdMappingResult> {
    const { userId, externalUserId, externalUserIdInfo = null, force = false } = input;
    if (typeof externalUserId !== 'string' || externalUserId === '' || externalUserId.length > MAX_LENGTH) {
      throw new BadInputError(`externalUserId must be a text of 1 to ${MAX_LENGTH} characters`);
    }
    assertInfo(externalUserIdInfo);
    return this.database.transaction(
      async () => {
        const [known] = await this.users.lockOwners(userId);
        if (known === undefined) return { status: 'UNKNOWN_SUPERTOKENS_USER_ID_ERROR' };
        if (await this.storage.isOwnId(externalUserId)) {
          // One id would then mean two users.
          throw new BadInputError('Cannot create a userId mapping where the externalId is also a SuperTokens userID');
        }
        const mappings = await this.storage.find(userId, externalUserId);
        if (mappings.length === 0 && !force) await this.assertUnused(userId);
        const row = {
          user_id: userId,
          external_user_id: externalUserId,
          external_user_id_info: externalUserIdInfo,
        };
        if (await this.storage.insert(row)) {
          await this.relabelSessions(userId, { from: userId, to: externalUserId });
          return { status: 'OK' };
        }
        const rows = await this.storage.find(userId, externalUserId);
        return {
          status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR',
          doesSuperTokensUserIdExist: rows.some((taken) => taken.user_id === userId),
          doesExternalUserIdExist: rows.some((taken) => taken.external_user_id === externalUserId),
        };
      },
      { repeatable: true },
    );
  }

  async get(input: {
    userId: string;
    userIdType?: UserIdType;
  }): Promise<({ status: 'OK' } & UserIdMapping) | { status: 'UNKNOWN_MAPPING_ERROR' }> {
    const row = await this.find(input);
    return row === undefined ? { status: 'UNKNOWN_MAPPING_ERROR' } : { status: 'OK', ...toMapping(row) };
  }

  async delete(input: {
    userId: string;
    userIdType?: UserIdType;
    force?: boolean;
  }): Promise<{ status: 'OK'; didMappingExist: boolean }> {
    return this.database.transaction(
      async () => {
        const row = await this.find(input);
        if (row === undefined) return { status: 'OK', didMappingExist: false };
        const { user_id: userId, external_user_id: externalUserId } = row;
        if (input.force !== true) await this.assertUnused(userId);
        await this.users.lockOwners(userId);
        await this.relabelSessions(userId, { from: externalUserId, to: userId });
        return { status: 'OK', didMappingExist: await this.storage.delete(userId) };
      },
      { repeatable: true },
    );
  }

  async updateExternalUserIdInfo(input: {
    userId: string;
    userIdType?: UserIdType;
    externalUserIdInfo: string | null;
  }): Promise<{ status: 'OK' | 'UNKNOWN_MAPPING_ERROR' }> {
    assertInfo(input.externalUserIdInfo);
    const row = await this.find(input);
    const updated = row !== undefined && (await this.storage.updateInfo(row.user_id, input.externalUserIdInfo));
    return { status: updated ? 'OK' : 'UNKNOWN_MAPPING_ERROR' };
  }

  /** @throws {BadInputError} */
  private async assertUnused(userId: string): Promise<void> {
    for (const part of this.referring()) {
      if (!(await part.refersToUser(userId))) continue;
      throw new BadInputError(`UserId is already in use in ${part.refersToUsersAs} recipe`);
    }
  }

  private async relabelSessions(id: string, label: { from: string; to: string }): Promise<void> {
    const userId = (await this.users.resolveUserId(id)) ?? id;
    await this.sessions.relabel(userId, label);
    await this.sharedClaims.relabel(userId, label);
  }

  private async find(input: { userId: string; userIdType?: UserIdType }): Promise<UserIdMappingRow | undefined> {
    return this.storage.get(checkedUserId(input.userId), checkedUserIdType(input.userIdType) ?? 'ANY');
  }
}

/** @throws {BadInputError} */
function assertInfo(info: unknown): void {
  if (info !== null && typeof info !== 'string') throw new BadInputError('externalUserIdInfo must be a text');
}

function toMapping(row: UserIdMappingRow): UserIdMapping {
  const mapping: UserIdMapping = { userId: row.user_id, externalUserId: row.external_user_id };
  if (row.external_user_id_info !== null) mapping.externalUserIdInfo = row.external_user_id_info;
  return mapping;
}
