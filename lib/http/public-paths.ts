import { Inject, Injectable } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { AUTH_CONFIG, type AuthConfig } from './auth-config.js';

/** Where clients find our routes: below the application's global prefix, which is set after `forRoot`. */
@Injectable()
export class PublicPaths {
  @Inject(AUTH_CONFIG) private readonly config!: AuthConfig;
  @Inject(ApplicationConfig) private readonly application!: ApplicationConfig;
  private resolved: string | undefined;

  /** Without a trailing slash; '' for the root. */
  get basePath(): string {
    return (this.resolved ??= this.resolve());
  }

  get refreshPath(): string {
    return `${this.basePath}/session/refresh`;
  }

  /** What access tokens name as their issuer; the OpenID configuration is found below it. */
  get issuer(): string {
    return `${this.config.appInfo.apiDomain}${this.basePath}`;
  }

  private resolve(): string {
    const { apiBasePath } = this.config.appInfo;
    const prefix = this.application.getGlobalPrefix().replace(/^\/+|\/+$/g, '');
    const excluded = this.application.getGlobalPrefixOptions().exclude ?? [];
    const isExcluded = excluded.some(({ pathRegex }) => pathRegex.test(`${apiBasePath}/session/refresh`));
    return prefix === '' || isExcluded ? apiBasePath : `/${prefix}${apiBasePath}`;
  }
}
