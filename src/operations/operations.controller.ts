import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { CorePort } from '../wire/cdi-request.js';
import { OpenRoute, VersionlessRoute } from '../wire/routes.js';
import { Metrics } from './metrics.js';

/** For those who run the service. */
@Controller()
export class OperationsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  /** 200 when the storage answers, 503 when it does not. */
  @OpenRoute('GET', 'health')
  async health(@CorePort(TenantsCore) tenants: TenantsCore) {
    await tenants.listTenants();
    return { status: 'OK' };
  }

  @VersionlessRoute('GET', 'metrics')
  async prometheus(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.metrics.contentType);
    return this.metrics.text();
  }
}
