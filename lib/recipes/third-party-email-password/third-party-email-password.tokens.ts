/** The token of the options, `ThirdPartyEmailPasswordConfig`. */
export const THIRD_PARTY_EMAIL_PASSWORD_CONFIG = Symbol('latchkey.third-party-email-password.config');

/** What the classes of the parts do by themselves: see `baseMethods`. */
export const EMAIL_PASSWORD_BASE_API = Symbol('latchkey.third-party-email-password.email-password-base-api');
export const EMAIL_PASSWORD_BASE_FUNCTIONS = Symbol('latchkey.third-party-email-password.email-password-base');
export const THIRD_PARTY_BASE_API = Symbol('latchkey.third-party-email-password.third-party-base-api');
export const THIRD_PARTY_BASE_FUNCTIONS = Symbol('latchkey.third-party-email-password.third-party-base');
