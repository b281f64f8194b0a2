import type { PasswordHashingAlgorithm } from './email-password.core.js';
import type { JsonObject } from './json.types.js';

interface ImportedAccount {
  /** @default ['public'] */
  tenantIds?: string[];
  email: string;
  /** Whether the email was proven to belong to the user. @default false */
  isVerified?: boolean;
  /** Whether the user goes by the id of this login method. Without one it is that of the first. */
  isPrimary?: boolean;
  /** Milliseconds since the Unix epoch. @default now */
  timeJoinedInMSSinceEpoch?: number;
}

/** An email and a password, as it is or hashed by another system. */
export interface ImportedEmailPasswordAccount extends ImportedAccount {
  recipeId: 'emailpassword';
  /** As `importUserWithPasswordHash` takes it. */
  passwordHash?: string;
  hashingAlgorithm?: PasswordHashingAlgorithm;
  /** Instead of a hash: it is hashed here. */
  plainTextPassword?: string;
}

/** An account at an identity provider. */
interface ImportedThirdPartyAccount extends ImportedAccount {
  recipeId: 'thirdparty';
  thirdPartyId: string;
  thirdPartyUserId: string;
}

export type ImportedLoginMethod = ImportedEmailPasswordAccount | ImportedThirdPartyAccount;

/** A user of another system, in the shape of the bulk import of the Core Driver Interface. */
export interface ImportedUser {
  /** The id that the user has there, and goes by here. */
  externalUserId?: string;
  userMetadata?: JsonObject;
  /** Roles that are there, in tenants that are there. */
  userRoles?: {
    role: string;
    /** @default ['public'] */
    tenantIds?: string[];
  }[];
  /** At least one. */
  loginMethods: ImportedLoginMethod[];
}

/** What became of one user. Ids are as they are shown. */
export type ImportUserResult =
  | {
      status: 'OK';
      userId: string;
      /** In the order of the login methods. */
      loginMethods: { recipeUserId: string; credentialsVersion?: string }[];
    }
  /** The same user is here, as after an import that was stopped; nothing was changed. */
  | { status: 'ALREADY_IMPORTED_ERROR'; userId: string }
  /** In words; no password and no hash is in them. */
  | { status: 'REFUSED_ERROR'; reason: string };

/** Users of other systems, with everything that is known of them, at once. */
export abstract class UserImportCore {
  /**
   * Each user is imported as a whole or not at all, and a user who is here already stays as it is: the call may be repeated.
   * All of them are in one transaction, so that hundreds cost little more than one.
   *
   * @param options.dryRun says what would happen, and writes nothing
   * @returns one result for each user, in their order
   */
  abstract importUsers(users: readonly ImportedUser[], options?: { dryRun?: boolean }): Promise<ImportUserResult[]>;
}
