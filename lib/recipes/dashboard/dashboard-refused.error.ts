import { AuthError } from '../../core/auth.error.js';

/** A request to the dashboard by nobody it knows: 401; or by somebody who may not do this: 403. Nothing was read or done. */
export class DashboardRefusedError extends AuthError {
  declare readonly code: 'DASHBOARD_REFUSED';

  constructor(
    /** 401 signs the page out, 403 is shown. */
    readonly statusCode: 401 | 403,
    publicMessage: string = statusCode === 401
      ? 'Unauthorised access'
      : 'You are not permitted to perform this operation',
  ) {
    super('DASHBOARD_REFUSED', publicMessage);
  }
}
