import { AuthError } from '../core/auth.error.js';

/** Ends a request that an override has already answered, before its route is reached. */
export class OwnResponseSentError extends AuthError {
  declare readonly code: 'OWN_RESPONSE_SENT';

  constructor() {
    super('OWN_RESPONSE_SENT', 'The answer was sent by an override');
  }
}
