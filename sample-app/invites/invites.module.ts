import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { InvitesService } from './invites.service.js';

@Module({ imports: [DatabaseModule], providers: [InvitesService], exports: [InvitesService] })
export class InvitesModule {}
