import { AuthError } from '../core/auth.error.js';

/** An override returned something that no client can read: 500. `detail` names the class, the method and the fix. */
export class OverrideError extends AuthError {
  declare readonly code: 'OVERRIDE';

  /** @param detail for the log */
  constructor(detail: string) {
    super('OVERRIDE', 'Internal server error', { detail });
  }
}
