import { Controller, Inject } from '@nestjs/common';
import { PUBLIC_TENANT_ID } from '../lib/core/core.js';
import { TenantConfigCore } from '../lib/core/tenant-config.core.js';
import { Apps } from './apps/apps.js';
import { Cdi, CdiRequest } from './wire/cdi-request.js';
import { TenantRoute } from './wire/routes.js';

/** What can be configured, as it is for a tenant: drivers read lifetimes from it, and dashboards show it. */
@Controller('recipe/dashboard/tenant')
export class CoreConfigController {
  constructor(@Inject(Apps) private readonly apps: Apps) {}

  @TenantRoute('GET', 'core-config')
  async get(@Cdi() { app, tenantId }: CdiRequest) {
    const isPublic = tenantId === PUBLIC_TENANT_ID;
    const configs = app.core.port(TenantConfigCore);
    const coreConfig = isPublic ? {} : (await configs.getTenantConfig(tenantId)).coreConfig;
    return { status: 'OK', config: this.apps.coreConfigs.entries(app.engine, coreConfig) };
  }
}
