import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { AuditController } from './audit.controller.js';
import { AuditLog } from './audit-log.js';

@Module({ imports: [DatabaseModule], controllers: [AuditController], providers: [AuditLog], exports: [AuditLog] })
export class AuditModule {}
