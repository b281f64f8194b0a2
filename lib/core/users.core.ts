import { BadInputError } from './auth.error.js';
import { normaliseEmail } from './email-address.js';
import type { UserSearch } from './user-search.js';

/** The id of a recipe that signs users in: one of ours, or of one from elsewhere. */
export type LoginRecipeId = 'emailpassword' | 'thirdparty' | (string & {});

/** A user at an identity provider: `id` is the provider, `userId` the id there. */
export interface ThirdPartyInfo {
  /** The provider's id, such as `google`. */
  id: string;
  /** The user's id at the provider (the OpenID subject). */
  userId: string;
}

/** One way into an account. */
export interface LoginMethod {
  recipeId: LoginRecipeId;
  recipeUserId: string;
  tenantIds: string[];
  email?: string;
  phoneNumber?: string;
  thirdParty?: ThirdPartyInfo;
  /** What it signs in by, where that is neither an email, a phone number nor an identity at a provider. */
  accountKey?: string;
  /** Whether the email was proven to belong to the user. */
  verified: boolean;
  /** Milliseconds since the Unix epoch. */
  timeJoined: number;
}

/** An account: one or more login methods under one id. The arrays sum up those of the login methods. */
export interface User {
  id: string;
  /** Milliseconds since the Unix epoch: the oldest of its login methods. */
  timeJoined: number;
  /** True once accounts are linked to it. */
  isPrimaryUser: boolean;
  tenantIds: string[];
  emails: string[];
  phoneNumbers: string[];
  thirdParty: ThirdPartyInfo[];
  loginMethods: LoginMethod[];
}

/** Exactly one of them is given. */
export interface AccountInfo {
  email?: string;
  phoneNumber?: string;
  thirdParty?: ThirdPartyInfo;
  /** What users of a recipe sign in by, as `LoginMethod.accountKey` shows it. */
  accountKey?: { recipeId: LoginRecipeId; key: string };
}

/** Which page of which users to list. */
export interface UserListInput {
  /** Only users of this tenant; without it, of all tenants. */
  tenantId?: string;
  /** 1 to 500. @default 100 */
  limit?: number;
  /** As returned with the page before. */
  paginationToken?: string;
  /** Only users who have a login method of one of these recipes. */
  includeRecipeIds?: LoginRecipeId[];
  /** Only users whom it matches. @default all */
  search?: UserSearch;
}

/** Which users to count. */
export type UserCountInput = Pick<UserListInput, 'tenantId' | 'includeRecipeIds' | 'search'>;

/** One page of users; `nextPaginationToken` is absent on the last one. */
export interface UserPage {
  users: User[];
  /** Absent on the last page. */
  nextPaginationToken?: string;
}

/** Users of every recipe. */
export abstract class UsersCore {
  /** @param userId the id of a user or of one of its login methods */
  abstract getUser(userId: string): Promise<User | undefined>;

  /**
   * One page in order of joining; equal times are ordered by id, so that no user is met twice or missed.
   * @throws {BadInputError} a limit out of range, a token that is not ours, or a malformed search
   */
  abstract getUsersOldestFirst(input: UserListInput): Promise<UserPage>;
  abstract getUsersNewestFirst(input: UserListInput): Promise<UserPage>;

  abstract getUserCount(input: UserCountInput): Promise<number>;

  /**
   * How many users got a session, or refreshed one, at that time or later. What a process of another replica has seen within the
   * last minute may be missing.
   * @throws {BadInputError} it is no time
   */
  abstract getActiveUserCount(input: { sinceMs: number }): Promise<number>;

  /** @returns users with exactly that email (trimmed, lower-cased), phone number or third-party identity */
  abstract listUsersByAccountInfo(input: { tenantId: string; accountInfo: AccountInfo }): Promise<User[]>;

  /**
   * By several things at once, oldest first.
   * @param input.isUnion whether one of them is enough
   */
  async listUsersByAccountInfos(input: {
    tenantId: string;
    accountInfos: readonly AccountInfo[];
    isUnion: boolean;
  }): Promise<User[]> {
    const { tenantId, accountInfos, isUnion } = input;
    const found = await Promise.all(
      accountInfos.map((accountInfo) => this.listUsersByAccountInfo({ tenantId, accountInfo })),
    );
    const all = [...new Map(found.flat().map((user): [string, User] => [user.id, user])).values()];
    const matching = isUnion ? all : all.filter(({ id }) => found.every((some) => some.some((user) => user.id === id)));
    return matching.sort((a, b) => a.timeJoined - b.timeJoined);
  }

  /** Deletes the user with everything that belongs to it: login methods, credentials, tokens, sessions. */
  abstract deleteUser(userId: string): Promise<{ status: 'OK' }>;
}

/**
 * @returns the limit of a page, or the default
 * @throws {BadInputError} it is out of range
 */
export function checkedLimit(limit: number = 100): number {
  if (!Number.isInteger(limit) || limit < 1) throw new BadInputError('limit must a positive integer with min value 1');
  if (limit > 500) throw new BadInputError('max limit allowed is 500');
  return limit;
}

/** @throws {BadInputError} it is no whole number of milliseconds since 1970 */
export function checkedTime(timeMs: number): number {
  if (Number.isSafeInteger(timeMs) && timeMs >= 0) return timeMs;
  throw new BadInputError('since must be a whole number of milliseconds since 1970');
}

/** Whether the user signs in to the tenant by that recipe with that email: others of its login methods may have others. */
export function hasLoginMethod(
  user: User,
  method: { recipeId: LoginRecipeId; email: string; tenantId: string },
): boolean {
  const email = normaliseEmail(method.email);
  return user.loginMethods.some(
    (each) => each.recipeId === method.recipeId && each.email === email && each.tenantIds.includes(method.tenantId),
  );
}

/** @throws {BadInputError} not exactly one of them is given */
export function assertOneAccountInfo({ email, phoneNumber, thirdParty, accountKey }: AccountInfo): void {
  const infos = [email, phoneNumber, thirdParty, accountKey].filter((info) => info !== undefined);
  if (infos.length !== 1) throw new BadInputError('Give exactly one of email, phoneNumber, thirdParty and accountKey');
}

/** @throws {BadInputError} it is no text, or empty */
export function checkedUserId(userId: unknown): string {
  if (typeof userId !== 'string' || userId === '') throw new BadInputError('userId must be a text that is not empty');
  return userId;
}
