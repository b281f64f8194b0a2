import type { UserContext } from '../http/user-context.js';

/** A password that somebody wants to have. */
export interface NewPassword {
  password: string;
  /** Of the account it is for; absent where a reset is answered by a core in another process, which does not tell it before. */
  email?: string;
  tenantId: string;
  /** The user who has the account; absent at sign-up. */
  userId?: string;
  /** The login method whose password it will be; absent at sign-up. */
  recipeUserId?: string;
  /** A validator that the application gave for the form field has taken it, so its length is not judged again. */
  hasPassedOwnValidator?: boolean;
  /** Whether it is one of so many of the latest passwords of the account, the one of now included; absent at sign-up. */
  isOneOfLatest?(count: number): Promise<boolean>;
  userContext: UserContext;
}

/** What is wrong with a new password. */
export type PasswordFault =
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'HOLDS_EMAIL'
  | 'HOLDS_APP_NAME'
  | 'COMMON'
  | 'USED_BEFORE'
  | 'BREACHED'
  | 'BREACHES_UNKNOWN';
