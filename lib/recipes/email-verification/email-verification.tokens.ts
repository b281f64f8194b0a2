/** The token of the normalised options, `EmailVerificationConfig`. */
export const EMAIL_VERIFICATION_CONFIG = Symbol('latchkey.email-verification.config');
