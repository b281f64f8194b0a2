/*
 * What a group of operations may bring to the engine besides its port. The engine finds these by their
 * method, so that a new group is one line where the groups are listed.
 */

/** A user that is being deleted, by ids that storage knows. */
export interface DeletedUser {
  userId: string;
  recipeUserIds: string[];
}

/** Keeps something about users that must go with them. */
export interface OwnsUserData {
  /** Runs in the transaction that deletes the user. */
  deleteUserData(user: DeletedUser): Promise<void>;
}

/** Keeps something about users that makes drivers expect a refusal, where an id that is in use is mapped or unmapped without force. */
export interface RefersToUsers {
  /** As the refusal names it, such as `UserRoles`. */
  readonly refersToUsersAs: string;
  /** Whether there is something about the user. */
  refersToUser(userId: string): Promise<boolean>;
}

/** Keeps something that belongs to a tenant and must go with it. */
export interface OwnsTenantData {
  /** Runs in the transaction that deletes the tenant, or takes a login method, with its user, out of it. */
  deleteTenantData(input: { tenantId: string; userId?: string; recipeUserId?: string }): Promise<void>;
}

/** Keeps something that has to be looked after now and then, such as rows that expire. */
export interface NeedsHousekeeping {
  /** Must be safe to run in several processes at once, and short: long work goes in bounded batches. */
  housekeep(): Promise<void>;
}

/** Says which password a `credentialsVersion` names. */
export interface CredentialsOwner {
  /** @returns undefined when the password of the login method is another one by now */
  passwordHashOf(input: { recipeUserId: string; credentialsVersion: string }): Promise<string | undefined>;
}

export function ownsCredentials(part: object): part is CredentialsOwner {
  return 'passwordHashOf' in part;
}

export function ownsUserData(part: object): part is OwnsUserData {
  return 'deleteUserData' in part;
}

export function refersToUsers(part: object): part is RefersToUsers {
  return 'refersToUser' in part;
}

export function ownsTenantData(part: object): part is OwnsTenantData {
  return 'deleteTenantData' in part;
}

export function needsHousekeeping(part: object): part is NeedsHousekeeping {
  return 'housekeep' in part;
}
