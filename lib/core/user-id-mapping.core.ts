/** What an id is: our own, the one of another system, or the former if there is such, else the latter. */
export type UserIdType = 'SUPERTOKENS' | 'EXTERNAL' | 'ANY';

export interface UserIdMapping {
  /** Our own. */
  userId: string;
  externalUserId: string;
  externalUserIdInfo?: string;
}

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
   * @param input.force changes nothing where the core is embedded: what is stored about a user does not depend on the id it is
   * shown under. A core service refuses without it, as the wire has it, where metadata of the user is stored
   * @throws {BadInputError} `externalUserId` is empty, too long, or the id of a user of this core
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

  /** @param input.force as for `create` */
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
