declare module './facts.js' {
  interface FactNames {
    /** Whether the email of a login method is verified. */
    emailVerification: true;
  }
}

declare module './engine-options.js' {
  interface EngineOptions {
    /** How long an email verification token works, in seconds. @default 86400, a day */
    emailVerificationTokenLifetimeSeconds?: number;
  }
}

/** A token for the verification of an email address, or that it is verified already. */
export type CreateEmailVerificationTokenResult =
  | {
      status: 'OK';
      token: string;
      /** Milliseconds since the Unix epoch; where the core tells. */
      expiresAtMs?: number;
    }
  | { status: 'EMAIL_ALREADY_VERIFIED_ERROR' };

/** A login method and an email. */
export interface EmailOfLoginMethod {
  recipeUserId: string;
  email: string;
}

/** The outcome of a verification. A token that was used, has expired or never existed is the same answer. */
export type VerifyEmailUsingTokenResult =
  { status: 'OK'; recipeUserId: string; email: string } | { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' };

/**
 * Which emails were proven to belong to whom. An email is proven for one login method and stays so until it is
 * unverified, also while the login method has another one. The user may be unknown here: sessions of users
 * that live elsewhere have emails too. Emails may arrive in any case.
 */
export abstract class EmailVerificationCore {
  /**
   * @returns a token that works once, in that tenant, until it expires, is revoked or the email is proven by another
   * @throws {UnknownTenantError}
   */
  abstract createEmailVerificationToken(input: {
    tenantId: string;
    recipeUserId: string;
    email: string;
  }): Promise<CreateEmailVerificationTokenResult>;

  /**
   * Spends the token and every other one of that login method and email; a wrong token changes nothing.
   * @throws {UnknownTenantError}
   */
  abstract verifyEmailUsingToken(input: { tenantId: string; token: string }): Promise<VerifyEmailUsingTokenResult>;

  /**
   * For a link that is followed again, or an older one for the same email.
   * @returns what was proven by the token, or beside it, as long as that is so and the token would still work. A core in another
   * process tells it only if it is ours
   * @throws {UnknownTenantError}
   */
  abstract findVerifiedByToken(input: { tenantId: string; token: string }): Promise<EmailOfLoginMethod | undefined>;

  /** Whether this login method has proved that it receives emails at this address. */
  abstract isEmailVerified(input: { recipeUserId: string; email: string }): Promise<boolean>;

  /** @throws {UnknownTenantError} */
  abstract revokeEmailVerificationTokens(input: {
    tenantId: string;
    recipeUserId: string;
    email: string;
  }): Promise<{ status: 'OK' }>;

  /** Tokens that are on their way stay good. */
  abstract unverifyEmail(input: { recipeUserId: string; email: string }): Promise<{ status: 'OK' }>;
}
