/** The token of the normalised options, `ThirdPartyConfiguration`. */
export const THIRD_PARTY_CONFIG = Symbol('latchkey.third-party.config');
