import { SetMetadata } from '@nestjs/common';

export const PUBLIC_ACCESS = 'latchkey:public-access';

/** Opens a route, or every route of a controller, that `SessionGuard` would otherwise protect. */
export const PublicAccess = () => SetMetadata(PUBLIC_ACCESS, true);
