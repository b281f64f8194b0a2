import { Controller, ForbiddenException, Inject } from '@nestjs/common';
import { PUBLIC_TENANT_ID } from '../lib/core/core.js';
import { TenantsCore } from '../lib/core/tenants.core.js';
import { Apps } from './apps/apps.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute, PerhapsTenantRoute, TenantRoute } from './wire/routes.js';
import { changeTenant } from '../lib/core/tenant-change.js';
import { tenantAnswer, type TenantAnswerForm } from './wire/tenant-answer.js';
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
  async getV1(@CorePort(TenantsCore) tenants: TenantsCore, @Cdi() request: CdiRequest) {
    return answer(tenants, request, 'v1');
  }

  @PerhapsTenantRoute('GET', 'tenant/v2')
  async get(@CorePort(TenantsCore) tenants: TenantsCore, @Cdi() request: CdiRequest) {
    return answer(tenants, request, 'v2');
  }

  @AppRoute('GET', 'tenant/list')
  async listV1(@CorePort(TenantsCore) tenants: TenantsCore, @Cdi() request: CdiRequest) {
    return { status: 'OK', tenants: await answers(tenants, request, 'v1') };
  }

  @AppRoute('GET', 'tenant/list/v2')
  async list(@CorePort(TenantsCore) tenants: TenantsCore, @Cdi() request: CdiRequest) {
    return { status: 'OK', tenants: await answers(tenants, request, 'v2') };
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

async function answer(tenants: TenantsCore, { app, tenantId }: CdiRequest, form: TenantAnswerForm) {
  if (!(await tenants.tenantExists(tenantId))) return { status: 'TENANT_NOT_FOUND_ERROR' };
  return { status: 'OK', ...(await tenantAnswer(app, tenantId, form)) };
}

async function answers(tenants: TenantsCore, { app }: CdiRequest, form: TenantAnswerForm) {
  const tenantIds = await tenants.listTenants();
  return Promise.all(tenantIds.map((tenantId) => tenantAnswer(app, tenantId, form)));
}
