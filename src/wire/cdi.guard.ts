import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { BadInputError } from '../../lib/core/auth.error.js';
import { PUBLIC_APP_ID, PUBLIC_TENANT_ID } from '../../lib/core/core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import type { ApiKeys } from '../apps/api-keys.js';
import type { App } from '../apps/app.js';
import { Apps } from '../apps/apps.js';
import { CdiRequest, rememberCdiRequest } from './cdi-request.js';
import { readCdiVersion } from './cdi-version.js';
import { KeyLimits } from './key-limits.js';
import { KeylessAccessException, keylessRefusal } from './keyless-access.js';
import { type RequestAddress, RequestAddresses } from './request-addresses.js';
import { ROUTE_SCOPE, type RouteScope } from './routes.js';

/** Lets in who has a key and asks for a version, app and tenant that are there. */
@Injectable()
export class CdiGuard implements CanActivate {
  constructor(
    @Inject(Apps) private readonly apps: Apps,
    @Inject(RequestAddresses) private readonly addresses: RequestAddresses,
    @Inject(KeyLimits) private readonly limits: KeyLimits,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const scope = this.reflector.get<RouteScope | undefined>(ROUTE_SCOPE, context.getHandler());
    const address = this.addresses.of(request.raw);
    if (scope === undefined || address === undefined) return false;

    // Anyone who asks learns nothing of apps and tenants, and makes none of them open its database.
    if (scope === 'liveness') {
      this.apps.main.enter();
      return admit(request, this.apps.main, PUBLIC_TENANT_ID);
    }
    const app = await this.apps.enter(address.appId, async (keys) => {
      if (scope === 'open') return;
      assertMayAsk(keys, request);
      await this.limits.count(keyOf(request));
    });
    try {
      return await this.check(request, scope, address, app);
    } catch (error) {
      app?.leave();
      throw error;
    }
  }

  private async check(request: FastifyRequest, scope: RouteScope, address: RequestAddress, app: App | undefined) {
    const isVersionless = scope === 'open' || scope === 'versionless';
    const version = readCdiVersion(isVersionless ? undefined : request.headers['cdi-version']);
    if (app === undefined || !(scope === 'perhaps-tenant' || (await hasTenant(app, address.tenantId)))) {
      throw notFound(address);
    }
    assertScope(scope, address);

    return admit(request, app, address.tenantId, version);
  }
}

/** The app is left when the answer is sent. */
function admit(request: FastifyRequest, app: App, tenantId: string, version = readCdiVersion(undefined)): true {
  rememberCdiRequest(request, new CdiRequest(app, tenantId, version, request));
  return true;
}

/** @throws {HttpException} 401 without a right key, 403 where no key is set and the request is not of this machine's programs */
function assertMayAsk(apiKeys: ApiKeys, request: FastifyRequest): void {
  if (!apiKeys.admit(keyOf(request))) throw new UnauthorizedException('Invalid API key');
  const refusal = apiKeys.isEmpty ? keylessRefusal(request.raw) : undefined;
  if (refusal !== undefined) throw new KeylessAccessException(refusal);
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['api-key'];
  if (typeof key === 'string') return key;
  return headers.authorization?.replace(/^Bearer +/i, '');
}

async function hasTenant(app: App, tenantId: string): Promise<boolean> {
  return tenantId === PUBLIC_TENANT_ID || app.core.port(TenantsCore).tenantExists(tenantId);
}

function assertScope(scope: RouteScope, { appId, tenantId }: RequestAddress): void {
  if ((scope === 'app' || scope === 'service') && tenantId !== PUBLIC_TENANT_ID) {
    throw new ForbiddenException('Only public tenantId can call this app specific API');
  }
  if (scope === 'service' && appId !== PUBLIC_APP_ID) {
    throw new ForbiddenException('Only public appId can call this API');
  }
}

function notFound({ appId, tenantId }: RequestAddress): BadInputError {
  return new BadInputError(
    'AppId or tenantId not found => Tenant with the following connectionURIDomain, appId and tenantId combination ' +
      `not found: (, ${appId}, ${tenantId})`,
  );
}
