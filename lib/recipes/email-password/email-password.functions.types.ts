import type { UpdateEmailOrPasswordResult } from '../../core/email-password.core.js';
import type { UserContext } from '../../http/user-context.js';

interface WithTenant {
  /** @default 'public' */
  tenantId?: string;
  userContext?: UserContext;
}

/** The input of `EmailPasswordFunctions.signUp`. */
export interface SignUpInput extends WithTenant {
  email: string;
  password: string;
}

/** The input of `EmailPasswordFunctions.signIn`. */
export type SignInInput = SignUpInput;

/** The input of `EmailPasswordFunctions.areCredentialsCurrent`. */
export interface AreCredentialsCurrentInput {
  recipeUserId: string;
  /** As `signIn` returned it. */
  credentialsVersion: string;
  userContext?: UserContext;
}

/** The input of `EmailPasswordFunctions.getUserById`. */
export interface GetUserByIdInput {
  userId: string;
  userContext?: UserContext;
}

/** The input of `EmailPasswordFunctions.getUserByEmail`. */
export interface GetUserByEmailInput extends WithTenant {
  email: string;
}

/** The input of `EmailPasswordFunctions.createResetPasswordToken`. */
export interface CreateResetPasswordTokenInput extends WithTenant {
  /** A user, or the login method whose password is to be reset. */
  userId: string;
  /** Where the token will be sent. It stops working when the login method's email changes. */
  email: string;
}

/** A link for a password reset, or that no such user has a password. */
export type CreateResetPasswordLinkResult =
  | {
      status: 'OK';
      link: string;
      /** Milliseconds since the Unix epoch; where the core tells. */
      expiresAtMs?: number;
    }
  | { status: 'UNKNOWN_USER_ID_ERROR' };

/** `OK` once the email is kept, to be sent after the commit. */
export type SendResetPasswordEmailResult = { status: 'OK' | 'UNKNOWN_USER_ID_ERROR' };

/** The input of `EmailPasswordFunctions.consumePasswordResetToken`. */
export interface ConsumePasswordResetTokenInput extends WithTenant {
  token: string;
}

/** The input of `EmailPasswordFunctions.resetPasswordUsingToken`. */
export interface ResetPasswordUsingTokenInput extends WithTenant {
  token: string;
  newPassword: string;
}

/** The input of `EmailPasswordFunctions.checkNewPassword`: the password, and what is known of whose it will be. */
export interface CheckNewPasswordInput extends WithTenant {
  password: string;
  /** Of the account, or what it will have; needed at sign-up, elsewhere it is looked up. */
  email?: string;
  /** The token of a password reset; it is not spent. */
  token?: string;
  /** The login method whose password changes. */
  recipeUserId?: string;
}

/** The input of `EmailPasswordFunctions.updateEmailOrPassword`; what is absent stays as it is. */
export interface UpdateEmailOrPasswordInput extends WithTenant {
  recipeUserId: string;
  /** Only its length is checked here. Ask `parseEmailAddress` about what a user typed: where it returns `undefined`, no link arrives. */
  email?: string;
  password?: string;
  /** Whether the password must meet the validator of its form field and `PasswordRules`, as at sign-up. @default true */
  applyPasswordPolicy?: boolean;
  /**
   * Ends the user's sessions in the same transaction: all, or all but the one whose handle is given, such as that of
   * anyone who changes the password.
   * @default false
   */
  revokeSessions?: boolean | { except: string };
}

/** The outcome of `EmailPasswordFunctions.updateEmailOrPassword`. */
export type UpdateEmailOrPasswordFunctionResult =
  UpdateEmailOrPasswordResult | { status: 'PASSWORD_POLICY_VIOLATED_ERROR'; failureReason: string };
