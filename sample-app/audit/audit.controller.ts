import { Controller, Get } from '@nestjs/common';
import { Session, Users, type SessionContainer } from 'latchkey';
import { AuditLog, type AuditEntry } from './audit-log.js';

@Controller('api/audit')
export class AuditController {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly users: Users,
  ) {}

  /** What happened to the account of anyone who asks. */
  @Get()
  async list(@Session() session: SessionContainer): Promise<AuditEntry[]> {
    const user = await this.users.getUser(session.getUserId());
    return user?.emails.flatMap((email) => this.auditLog.listOf(email)) ?? [];
  }
}
