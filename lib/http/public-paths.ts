import { Inject, Injectable, RequestMethod, VERSION_NEUTRAL, type Type } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
// Not among Nest's documented exports, and the one place that knows every way in which Nest moves a route.
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';
import { AUTH_CONFIG, type AuthConfig } from './auth-config.js';
import { MODULE_PATH } from './nest-metadata.js';

const REFRESH = 'session/refresh';
const DISCOVERY = '.well-known/openid-configuration';

/**
 * Where clients find our routes. Nest's router is asked, since a global prefix, its exceptions and the path of a module
 * move them; and a gateway in front of the application may have taken a prefix away. Known once the application is set up.
 */
@Injectable()
export class PublicPaths {
  @Inject(AUTH_CONFIG) private readonly config!: AuthConfig;
  @Inject(ApplicationConfig) private readonly application!: ApplicationConfig;
  @Inject(ModulesContainer) private readonly modules!: ModulesContainer;
  private readonly known = new Map<string, string>();

  /** Below which our routes are, as clients see them: without a trailing slash; '' for the root. */
  get basePath(): string {
    return withoutEnd(this.refreshPath, `/${REFRESH}`);
  }

  /** Of `POST /session/refresh`, as clients see it. */
  get refreshPath(): string {
    return `${this.config.appInfo.apiGatewayPath}${this.servedAt(RequestMethod.POST, REFRESH)}`;
  }

  /** Whether a path of a request is the one of `POST /session/refresh`, with or without what a gateway takes away. */
  isRefreshPath(path: string): boolean {
    return path === this.servedAt(RequestMethod.POST, REFRESH) || path === this.refreshPath;
  }

  /** Below which the routes are for this application, behind any gateway. */
  get servedBasePath(): string {
    return withoutEnd(this.servedAt(RequestMethod.POST, REFRESH), `/${REFRESH}`);
  }

  /** What access tokens name as their issuer; the OpenID configuration is found below it. */
  get issuer(): string {
    return withoutEnd(this.urlOf(RequestMethod.GET, DISCOVERY), `/${DISCOVERY}`);
  }

  get jwksUri(): string {
    return this.urlOf(RequestMethod.GET, 'jwt/jwks.json');
  }

  private urlOf(method: RequestMethod, route: string): string {
    const { apiDomain, apiGatewayPath } = this.config.appInfo;
    return `${apiDomain}${apiGatewayPath}${this.servedAt(method, route)}`;
  }

  private servedAt(method: RequestMethod, route: string): string {
    let path = this.known.get(route);
    if (path === undefined) this.known.set(route, (path = this.ask(method, route)));
    return path;
  }

  private ask(method: RequestMethod, route: string): string {
    const [path] = new RoutePathFactory(this.application).create(
      {
        ctrlPath: this.config.appInfo.apiBasePath,
        methodPath: route,
        modulePath: this.modulePath(),
        globalPrefix: globalPrefixOf(this.application),
        controllerVersion: VERSION_NEUTRAL,
        versioningOptions: this.application.getVersioning(),
      },
      method,
    );
    return path!;
  }

  /** As `RouterModule.register` has set it for the module that our controllers are in, which is the one of this provider. */
  private modulePath(): string | undefined {
    const module = [...this.modules.values()].find(({ providers }) => providers.has(PublicPaths));
    if (module === undefined) return undefined;
    const metatype: Type = module.metatype;
    const path: unknown =
      Reflect.getMetadata(MODULE_PATH + this.modules.applicationId, metatype) ??
      Reflect.getMetadata(MODULE_PATH, metatype);
    return path as string | undefined;
  }
}

/** With a slash before it and none behind, as Nest makes it before it registers routes. */
function globalPrefixOf(application: ApplicationConfig): string {
  const prefix = application.getGlobalPrefix().replace(/^\/+|\/+$/g, '');
  return prefix === '' ? '' : `/${prefix}`;
}

function withoutEnd(text: string, end: string): string {
  return text.slice(0, -end.length);
}
