import { AuthError } from '../core/auth.error.js';

/** The request comes from a page of another site. 403. */
export class ForeignOriginError extends AuthError {
  declare readonly code: 'FOREIGN_ORIGIN';

  constructor(origin: string) {
    super(
      'FOREIGN_ORIGIN',
      `Requests from ${origin.slice(0, 200)} are not accepted. If it is an origin of this application, add it to ` +
        'appInfo.allowedOrigins.',
    );
  }
}
