import type { IncomingMessage } from 'node:http';
import { PUBLIC_APP_ID, PUBLIC_TENANT_ID } from '../../lib/core/core.js';

/** Whom a request is about: `/appid-<app>/<tenant>/<path>`, where the first two may be left out. */
export interface RequestAddress {
  appId: string;
  tenantId: string;
  /** As it was registered, such as `/recipe/session`. */
  path: string;
}

const APP_SEGMENT = /^appid-([a-z0-9-]*)$/;
const TENANT_SEGMENT = /^[a-z0-9-]+$/;
/** No route has this path. */
const NOWHERE = '/-';

/** Reads app and tenant off the paths of requests, so that routes are registered and found without them. */
export class RequestAddresses {
  private readonly paths = new Set<string>();
  private readonly read = new WeakMap<IncomingMessage, RequestAddress>();

  /** Makes the path of a route known. */
  add(path: string): void {
    this.paths.add(path);
  }

  /** @returns undefined where no route has the path */
  of(request: IncomingMessage): RequestAddress | undefined {
    return this.read.get(request);
  }

  /** @returns the URL the router is to look at; one that it does not know where the path is unknown */
  rewrite(request: IncomingMessage): string {
    const url = request.url ?? '/';
    const queryAt = url.indexOf('?');
    const address = this.parse(queryAt === -1 ? url : url.slice(0, queryAt));
    if (address === undefined) return NOWHERE;
    this.read.set(request, address);
    return queryAt === -1 ? address.path : address.path + url.slice(queryAt);
  }

  private parse(pathname: string): RequestAddress | undefined {
    if (!pathname.startsWith('/')) return undefined;
    const segments = pathname.toLowerCase().replace(/\/$/, '').split('/').slice(1);
    const appId = APP_SEGMENT.exec(segments[0] ?? '')?.[1];
    const rest = appId === undefined ? segments : segments.slice(1);
    const app = { appId: appId || PUBLIC_APP_ID };

    const path = `/${rest.join('/')}`;
    if (this.paths.has(path)) return { ...app, tenantId: PUBLIC_TENANT_ID, path };

    const [tenantId = '', ...afterTenant] = rest;
    const pathOfTenant = `/${afterTenant.join('/')}`;
    // A lone segment is a misspelt path rather than the root of a tenant.
    const isKnown = this.paths.has(pathOfTenant) && (afterTenant.length > 0 || appId !== undefined);
    return isKnown && TENANT_SEGMENT.test(tenantId) ? { ...app, tenantId, path: pathOfTenant } : undefined;
  }
}
