import type { UserIdType } from '../core/user-id-mapping.core.js';
import type { UserQuery } from '../core/user-search.js';
import type { UserCountInput, UserListInput } from '../core/users.core.js';

interface WithQuery {
  /** As drivers say a search, instead of `search`: `{ email: 'ada;@example.com' }`. */
  query?: UserQuery;
}

/** The input of `Users.getUsersOldestFirst` and `getUsersNewestFirst`. */
export type ListUsersInput = UserListInput & WithQuery;
/** The input of `Users.getUserCount`. */
export type CountUsersInput = UserCountInput & WithQuery;

/** The input of `Users.createUserIdMapping`. */
export interface CreateUserIdMappingInput {
  /** Our own id of the user, or of one of its login methods. */
  superTokensUserId: string;
  /** 1 to 128 characters, and no id of another user. */
  externalUserId: string;
  /** What the application notes with it. */
  externalUserIdInfo?: string;
  /** Also maps a user who has roles or metadata. With our own core they stay with the user. @default false */
  force?: boolean;
}

/** The input of functions of `Users` that are about one mapping. */
export interface UserIdMappingInput {
  userId: string;
  /** Which of both ids `userId` is. @default 'ANY': our own if there is such, else the other */
  userIdType?: UserIdType;
}

/** The input of `Users.deleteUserIdMapping`. */
export interface DeleteUserIdMappingInput extends UserIdMappingInput {
  /** As of `CreateUserIdMappingInput`. @default false */
  force?: boolean;
}

/** The input of `Users.updateOrDeleteUserIdMappingInfo`. */
export interface UpdateUserIdMappingInfoInput extends UserIdMappingInput {
  /** Absent removes what was noted. */
  externalUserIdInfo?: string;
}

/** Both ids of a user. */
export type GetUserIdMappingResult =
  | {
      status: 'OK';
      /** Our own. */
      superTokensUserId: string;
      externalUserId: string;
      externalUserIdInfo?: string;
    }
  | { status: 'UNKNOWN_MAPPING_ERROR' };
