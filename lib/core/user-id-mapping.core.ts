import { BadInputError } from './auth.error.js';

/** What an id is: our own, the one of another system, or the former if there is such, else the latter. */
export type UserIdType = 'SUPERTOKENS' | 'EXTERNAL' | 'ANY';

/** Both ids of a user, and what the application notes with them. */
export interface UserIdMapping {
  /** Our own. */
  userId: string;
  externalUserId: string;
  externalUserIdInfo?: string;
}

/** That the ids belong together now; that there is no such user; or that a mapping has one of them already. */
export type CreateUserIdMappingResult =
  | { status: 'OK' }
  | { status: 'UNKNOWN_SUPERTOKENS_USER_ID_ERROR' }
  | {
      status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR';
      doesSuperTokensUserIdExist: boolean;
      doesExternalUserIdExist: boolean;
    };

/**
 * Ids that users had in another system. A user with such an id is shown under it everywhere, and every port takes
 * either of both. Sessions keep the id they were made with. `userIdType` is `ANY` by default.
 */
export abstract class UserIdMappingCore {
  /**
   * @param input.userId a user or one of its login methods
   * @param input.force also maps a user who has roles or metadata: with our own core they stay with the user, others may lose them
   * @throws {BadInputError} `externalUserId` is empty, too long, or the id of a user of this core; or, without `force`, the user has
   * roles, metadata, or what recipes from elsewhere refuse it for (`RefersToUsers`)
   */
  abstract create(input: {
    userId: string;
    externalUserId: string;
    externalUserIdInfo?: string;
    force?: boolean;
  }): Promise<CreateUserIdMappingResult>;

  abstract get(input: {
    userId: string;
    userIdType?: UserIdType;
  }): Promise<({ status: 'OK' } & UserIdMapping) | { status: 'UNKNOWN_MAPPING_ERROR' }>;

  /**
   * @param input.force as for `create`
   * @throws {BadInputError} as for `create`, without `force`
   */
  abstract delete(input: {
    userId: string;
    userIdType?: UserIdType;
    force?: boolean;
  }): Promise<{ status: 'OK'; didMappingExist: boolean }>;

  /** @param input.externalUserIdInfo `null` removes it */
  abstract updateExternalUserIdInfo(input: {
    userId: string;
    userIdType?: UserIdType;
    externalUserIdInfo: string | null;
  }): Promise<{ status: 'OK' | 'UNKNOWN_MAPPING_ERROR' }>;
}

const userIdTypes: readonly unknown[] = ['SUPERTOKENS', 'EXTERNAL', 'ANY'];

/** @throws {BadInputError} a type that does not exist */
export function checkedUserIdType(type: unknown): UserIdType | undefined {
  if (type === undefined || userIdTypes.includes(type)) return type as UserIdType | undefined;
  throw new BadInputError("Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL', or 'ANY'");
}
