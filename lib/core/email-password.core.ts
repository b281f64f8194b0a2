import type { User } from './users.core.js';

declare module './engine-options.js' {
  interface EngineOptions {
    /** How long a password reset token works, in seconds. @default 3600, an hour */
    passwordResetTokenLifetimeSeconds?: number;
  }
}

/** The outcome of a sign-up with an email and a password. */
export type SignUpResult =
  | {
      status: 'OK';
      user: User;
      recipeUserId: string;
      /** As of a sign-in. */
      credentialsVersion?: string;
    }
  | { status: 'EMAIL_ALREADY_EXISTS_ERROR' };

/** The outcome of a sign-in with an email and a password. An unknown email and a wrong password are the same answer. */
export type SignInResult =
  | {
      status: 'OK';
      user: User;
      recipeUserId: string;
      /** Names the password that was verified, for `areCredentialsCurrent`. */
      credentialsVersion?: string;
    }
  | { status: 'WRONG_CREDENTIALS_ERROR' };

/** With what somebody signs in or up. */
export interface CredentialsInput {
  tenantId: string;
  email: string;
  password: string;
  /**
   * Whether nobody waits for the result any more, as where a client has closed its connection. Asked when it is its turn to be
   * hashed, which is not begun then (`OverloadedError`). A core in another process asks no one. @default never
   */
  isAbandoned?(): boolean;
}

/** A token for a password reset, or that no such user has a password. */
export type CreateResetPasswordTokenResult =
  | {
      status: 'OK';
      token: string;
      /** Milliseconds since the Unix epoch; where the core tells. */
      expiresAtMs?: number;
    }
  | { status: 'UNKNOWN_USER_ID_ERROR' };

/** The outcome of a password reset. A token that was used, has expired or never existed is the same answer. */
export type ResetPasswordUsingTokenResult =
  | { status: 'OK'; userId: string; recipeUserId: string; email: string }
  | { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };

/** Whose password may be set now that the token is used up, or that the token is not valid. */
export type ConsumePasswordResetTokenResult = ResetPasswordUsingTokenResult;

/** Whose password a token may set. */
export interface PasswordResetTokenOwner {
  userId: string;
  recipeUserId: string;
  email: string;
}

/** The formats in which password hashes of other systems can be imported. */
export type PasswordHashingAlgorithm = 'argon2' | 'bcrypt' | 'firebase_scrypt' | 'scrypt';

/** A user of another system with the password hash it has there. */
export interface ImportUserWithPasswordHashInput {
  tenantId: string;
  email: string;
  /**
   * `$2a$…`, `$2b$…` or `$2y$…` (bcrypt), `$argon2id$…`, `$argon2i$…` or `$argon2d$…` (PHC text),
   * `$scrypt$ln=<log2 of N>,r=<r>,p=<p>$<salt>$<key>` (PHC text, base64 without padding), or
   * `$f_scrypt$<hash>$<salt>$m=<memory cost>$r=<rounds>$s=<salt separator>` (Firebase; the three texts in base64).
   */
  passwordHash: string;
  /** Must be that of the hash where it is given. */
  hashingAlgorithm?: PasswordHashingAlgorithm;
}

/** The imported user; `didUserAlreadyExist` says that only the hash of an existing user was replaced. */
export interface ImportUserWithPasswordHashResult {
  status: 'OK';
  user: User;
  recipeUserId: string;
  /** True where the email had an account: its password is the imported one now. */
  didUserAlreadyExist: boolean;
}

/** The outcome of a change of email or password. */
export type UpdateEmailOrPasswordResult = {
  status: 'OK' | 'UNKNOWN_USER_ID_ERROR' | 'EMAIL_ALREADY_EXISTS_ERROR';
};

/**
 * Accounts with an email and a password. Passwords arrive in clear and never leave; emails may arrive
 * in any case. Methods that take a tenant throw `UnknownTenantError` when there is none of that id.
 */
export abstract class EmailPasswordCore {
  /** Whether a `credentialsVersion` means the same to every process, and later, so that it may be kept. */
  abstract readonly versionsLast: boolean;

  /** Whether there is `wasPasswordUsed`. */
  abstract readonly keepsFormerPasswords: boolean;

  /** Two calls at once with one email give one user; the other gets `EMAIL_ALREADY_EXISTS_ERROR`. */
  abstract signUp(input: CredentialsInput): Promise<SignUpResult>;

  /** An unknown email costs the same time as a wrong password. */
  abstract signIn(input: CredentialsInput): Promise<SignInResult>;

  /**
   * Whether the password that `signIn` verified still is the user's. To be asked once the session is stored: a
   * reset in between has ended every session but that one.
   */
  abstract areCredentialsCurrent(input: { recipeUserId: string; credentialsVersion: string }): Promise<boolean>;

  /**
   * @param input.userId a user or one of its login methods
   * @returns a token that works once, until it expires or the email of the login method changes
   */
  abstract createResetPasswordToken(input: {
    tenantId: string;
    userId: string;
    email: string;
  }): Promise<CreateResetPasswordTokenResult>;

  /** Spends the token and every other one of that login method; a wrong token changes nothing. */
  abstract resetPasswordUsingToken(input: {
    tenantId: string;
    token: string;
    newPassword: string;
    /** As of `updateEmailOrPassword`. */
    historyLength?: number;
    /** As of `signUp`. */
    isAbandoned?(): boolean;
  }): Promise<ResetPasswordUsingTokenResult>;

  /**
   * Spends the token as `resetPasswordUsingToken` does, and leaves the password as it is: the caller sets it.
   */
  abstract consumePasswordResetToken(input: {
    tenantId: string;
    token: string;
  }): Promise<ConsumePasswordResetTokenResult>;

  /**
   * Whose password a token may set, without spending it.
   * @returns undefined for a token that does not work, and from a core that does not tell it before the token is spent
   */
  abstract findPasswordResetToken(input: {
    tenantId: string;
    token: string;
  }): Promise<PasswordResetTokenOwner | undefined>;

  /**
   * An account, new or known, whose password another system has hashed. The hash is verified as it is, and replaced
   * by one of our own at the next sign-in.
   * @throws {BadInputError} the hash is malformed, costs more than we would spend on it, or needs a key we lack
   */
  abstract importUserWithPasswordHash(
    input: ImportUserWithPasswordHashInput,
  ): Promise<ImportUserWithPasswordHashResult>;

  /** Changes the email, the password or both, in one transaction. */
  abstract updateEmailOrPassword(input: {
    recipeUserId: string;
    email?: string;
    password?: string;
    /**
     * Of how many passwords the hashes are kept where this changes one, the new one included, for `wasPasswordUsed`. At most 1
     * forgets those before. Without it they stay as they are.
     */
    historyLength?: number;
  }): Promise<UpdateEmailOrPasswordResult>;

  /**
   * Whether the password is one of the latest of a login method, the one of now included.
   * @param input.historyLength how many of them are compared, of which no more are known than were kept
   * @throws {ConfigurationError} this core keeps no passwords that were replaced
   */
  abstract wasPasswordUsed(input: { recipeUserId: string; password: string; historyLength: number }): Promise<boolean>;
}
