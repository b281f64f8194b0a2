import { Controller, ForbiddenException, Inject } from '@nestjs/common';
import { PUBLIC_TENANT_ID } from '../lib/core/core.js';
import { MultitenancyCore } from '../lib/core/multitenancy.core.js';
import { changeTenant } from '../lib/core/tenant-change.js';
import { TenantsCore } from '../lib/core/tenants.core.js';
import { Apps } from './apps/apps.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute, PerhapsTenantRoute, TenantRoute } from './wire/routes.js';
import { tenantAnswer, tenantAnswers, type TenantAnswerForm } from './wire/tenant-answer.js';
import { idField, tenantConfigFields } from './wire/tenant-fields.js';

/** The tenants of an app. */
@Controller('recipe/multitenancy')
export class TenantsController {
  constructor(@Inject(Apps) private readonly apps: Apps) {}

  @AppRoute('PUT', ['tenant', 'tenant/v2'])
  async createOrUpdate(@Cdi() { app, body }: CdiRequest) {
    const tenantId = idField(body, 'tenantId');
    const { coreConfig = {} } = tenantConfigFields(body, undefined);
    if (tenantId !== PUBLIC_TENANT_ID) {
      this.apps.coreConfigs.assertPossible(coreConfig, 'tenant');
      return changeTenant(app.core, tenantId, (firstFactors) => tenantConfigFields(body, firstFactors));
    }
    // The public tenant is configured as its app is.
    await this.apps.createOrUpdate(app.appId, coreConfig);
    const factors = (before: string[] | undefined) => ({ ...tenantConfigFields(body, before), coreConfig: undefined });
    return changeTenant(app.core, tenantId, factors);
  }

  @PerhapsTenantRoute('GET', 'tenant')
  async getV1(@CorePort(MultitenancyCore) tenants: MultitenancyCore, @Cdi() request: CdiRequest) {
    return answer(tenants, request, 'v1');
  }

  @PerhapsTenantRoute('GET', 'tenant/v2')
  async get(@CorePort(MultitenancyCore) tenants: MultitenancyCore, @Cdi() request: CdiRequest) {
    return answer(tenants, request, 'v2');
  }

  @AppRoute('GET', 'tenant/list')
  async listV1(@Cdi() { app }: CdiRequest) {
    return { status: 'OK', tenants: await tenantAnswers(app, 'v1') };
  }

  @AppRoute('GET', 'tenant/list/v2')
  async list(@Cdi() { app }: CdiRequest) {
    return { status: 'OK', tenants: await tenantAnswers(app, 'v2') };
  }

  @AppRoute('POST', 'tenant/remove')
  async remove(@CorePort(TenantsCore) tenants: TenantsCore, @Cdi() { body }: CdiRequest) {
    const tenantId = body.text('tenantId').trim().toLowerCase();
    if (tenantId === PUBLIC_TENANT_ID) {
      throw new ForbiddenException('Cannot delete public tenant, use delete App API instead');
    }
    const { status, didExist } = await tenants.deleteTenant(tenantId);
    return { status, didExist };
  }

  @TenantRoute('POST', 'tenant/user')
  async addUser(@CorePort(TenantsCore) tenants: TenantsCore, @Cdi() { tenantId, body }: CdiRequest) {
    return tenants.addLoginMethodToTenant({ tenantId, recipeUserId: body.text('recipeUserId') });
  }

  @TenantRoute('POST', 'tenant/user/remove')
  async removeUser(@CorePort(TenantsCore) tenants: TenantsCore, @Cdi() { tenantId, body }: CdiRequest) {
    return tenants.removeLoginMethodFromTenant({ tenantId, recipeUserId: body.text('recipeUserId') });
  }
}

async function answer(tenants: MultitenancyCore, { app, tenantId }: CdiRequest, form: TenantAnswerForm) {
  const tenant = await tenants.getTenant(tenantId);
  return tenant === undefined
    ? { status: 'TENANT_NOT_FOUND_ERROR' }
    : { status: 'OK', ...tenantAnswer(app, tenant, form) };
}
