import { Controller, Header, Inject } from '@nestjs/common';
import { TenantsCore } from '../lib/core/tenants.core.js';
import { CORE_SERVICE_OPTIONS, type CoreServiceOptions } from './core-service.options.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { cdiVersions } from './wire/cdi-version.js';
import { LivenessRoute, ServiceRoute, VersionlessRoute } from './wire/routes.js';

/** What drivers ask about the service itself. */
@Controller()
export class ServiceController {
  constructor(@Inject(CORE_SERVICE_OPTIONS) private readonly options: CoreServiceOptions) {}

  /** Whether the service and its database are up: the same whatever app or tenant the path names. */
  @LivenessRoute('ALL', ['/', 'hello'])
  @Header('content-type', 'text/html; charset=utf-8')
  async hello(@CorePort(TenantsCore) tenants: TenantsCore): Promise<string> {
    await tenants.listTenants();
    return 'Hello\n';
  }

  @VersionlessRoute('GET', 'apiversion')
  apiVersion() {
    return { versions: cdiVersions };
  }

  /** Only who knows the process may know its file. */
  @ServiceRoute('GET', 'config')
  config(@Cdi() { query }: CdiRequest) {
    const isOurs = query.text('pid') === String(process.pid);
    return isOurs ? { status: 'OK', path: this.options.configFile ?? '' } : { status: 'NOT_ALLOWED' };
  }

  @VersionlessRoute('GET', 'telemetry')
  telemetry() {
    return { exists: false };
  }
}
