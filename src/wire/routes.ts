import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';

/**
 * Who may be meant by the path of a request: any tenant of any app, any app, or only the public tenant of the public
 * app. The tenant of a perhaps-tenant route need not be there. A versionless route is a tenant's and asks for a key
 * only, an open one not even for that. A liveness route looks at neither app nor tenant.
 */
export type RouteScope = 'tenant' | 'perhaps-tenant' | 'app' | 'service' | 'versionless' | 'open' | 'liveness';

export const ROUTE_SCOPE = Symbol('route scope');

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'ALL';

const route =
  (scope: RouteScope) =>
  (method: Method, path: string | string[]): MethodDecorator =>
    applyDecorators(
      RequestMapping({ path, method: RequestMethod[method] }),
      HttpCode(200),
      SetMetadata(ROUTE_SCOPE, scope),
    );

/** A route of one tenant: `/appid-<app>/<tenant>/…`. */
export const TenantRoute = route('tenant');
/** A route that says whether there is such a tenant. */
export const PerhapsTenantRoute = route('perhaps-tenant');
/** A route of one app: `/appid-<app>/…`. */
export const AppRoute = route('app');
/** A route of the service itself, which manages the apps. */
export const ServiceRoute = route('service');
/** A route by which drivers find out which versions there are. */
export const VersionlessRoute = route('versionless');
/** A route by which everybody may see that the service is up, and nothing else. */
export const LivenessRoute = route('liveness');
/** A route that everybody may call. */
export const OpenRoute = route('open');
