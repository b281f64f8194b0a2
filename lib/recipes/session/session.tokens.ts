/** The token of the normalised options, `SessionConfig`. */
export const SESSION_CONFIG = Symbol('latchkey.session.config');
