import { Controller, ForbiddenException, Inject } from '@nestjs/common';
import { PUBLIC_APP_ID, PUBLIC_TENANT_ID } from '../lib/core/core.js';
import { changeTenant } from '../lib/core/tenant-change.js';
import { TenantsCore } from '../lib/core/tenants.core.js';
import type { App } from './apps/app.js';
import { Apps } from './apps/apps.js';
import { Cdi, CdiRequest } from './wire/cdi-request.js';
import { ServiceRoute } from './wire/routes.js';
import { tenantAnswers, type TenantAnswerForm } from './wire/tenant-answer.js';
import { idField, tenantConfigFields } from './wire/tenant-fields.js';

/** The apps of the service. */
@Controller('recipe/multitenancy/app')
export class AppsController {
  constructor(@Inject(Apps) private readonly apps: Apps) {}

  @ServiceRoute('PUT', ['/', 'v2'])
  async createOrUpdate(@Cdi() { body }: CdiRequest) {
    const appId = idField(body, 'appId');
    const { coreConfig } = tenantConfigFields(body, undefined);
    const { status, createdNew } = await this.apps.createOrUpdate(appId, coreConfig);
    const factors = (before: string[] | undefined) => ({ ...tenantConfigFields(body, before), coreConfig: undefined });
    await this.apps.use(appId, ({ core }) => changeTenant(core, PUBLIC_TENANT_ID, factors));
    return { status, createdNew };
  }

  @ServiceRoute('POST', 'remove')
  async remove(@Cdi() { body }: CdiRequest) {
    const appId = body.text('appId').trim().toLowerCase();
    if (appId === PUBLIC_APP_ID) throw new ForbiddenException('Cannot delete the public app');
    const tenantIds = await this.apps.use(appId, ({ core }) => core.port(TenantsCore).listTenants());
    if (tenantIds !== undefined && tenantIds.length > 1) {
      throw new ForbiddenException('Delete all tenants except the public one before the app');
    }
    const { status, didExist } = await this.apps.remove(appId);
    return { status, didExist };
  }

  @ServiceRoute('GET', 'list')
  async listV1() {
    return { status: 'OK', apps: await this.answers('v1') };
  }

  @ServiceRoute('GET', 'list/v2')
  async list() {
    return { status: 'OK', apps: await this.answers('v2') };
  }

  private async answers(form: TenantAnswerForm) {
    const answers = [];
    for (const appId of await this.apps.list()) answers.push(await this.apps.use(appId, (app) => appAnswer(app, form)));
    return answers.filter((answer) => answer !== undefined);
  }
}

async function appAnswer(app: App, form: TenantAnswerForm) {
  return { appId: app.appId, tenants: await tenantAnswers(app, form) };
}
