/** The token of the normalised options, `EmailPasswordConfig`. */
export const EMAIL_PASSWORD_CONFIG = Symbol('latchkey.email-password.config');
