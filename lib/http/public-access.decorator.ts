import { SetMetadata } from '@nestjs/common';

/** The metadata that `@PublicAccess()` sets. A guard of yours honours it by `SessionVerifier.isPublic(context)`. */
export const PUBLIC_ACCESS = 'latchkey:public-access';

/**
 * Opens a route, or every route of a controller, that `SessionGuard` would otherwise protect. In an open
 * controller a method that asks for a session itself, by `@Session()` or by naming the guard, stays guarded.
 */
export const PublicAccess = () => SetMetadata(PUBLIC_ACCESS, true);
