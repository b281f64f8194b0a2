import { Controller } from '@nestjs/common';
import { AuditCore } from '../lib/core/audit.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute } from './wire/routes.js';

/** No part of the wire: our own driver keeps here what was done in the dashboard. */
@Controller('latchkey/audit')
export class AuditController {
  @AppRoute('POST', '/')
  async record(@CorePort(AuditCore) audit: AuditCore, @Cdi() { body }: CdiRequest) {
    await audit.record({
      action: body.text('action'),
      actor: body.object('actor'),
      tenantId: body.text('tenantId'),
      userId: body.optionalText('userId'),
      address: body.optionalText('address'),
      detail: body.object('detail'),
    });
    return { status: 'OK' };
  }

  @AppRoute('GET', '/')
  async list(@CorePort(AuditCore) audit: AuditCore, @Cdi() { query }: CdiRequest) {
    const [limit, paginationToken] = [query.optionalInteger('limit'), query.optionalText('paginationToken')];
    return { status: 'OK', ...(await audit.list({ limit, paginationToken, userId: query.optionalText('userId') })) };
  }
}
