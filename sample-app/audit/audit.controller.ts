import { Controller, Get } from '@nestjs/common';
import { CurrentUser, Session, type User } from 'latchkey';
import { AuditLog, type AuditEntry } from './audit-log.js';

@Controller('api/audit')
export class AuditController {
  constructor(private readonly auditLog: AuditLog) {}

  /** What happened to the account of anyone who asks. */
  @Get()
  @Session()
  list(@CurrentUser() user: User): Promise<AuditEntry[]> {
    return this.auditLog.listOf(user.emails);
  }
}
