import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { EmailExistsController } from './email-exists.controller.js';
import { FirstAdministrator } from './first-administrator.js';
import { MeController } from './me.controller.js';
import { NewUsers } from './new-users.service.js';
import { PasswordController } from './password.controller.js';

@Module({
  imports: [DatabaseModule],
  controllers: [MeController, PasswordController, EmailExistsController],
  providers: [NewUsers, FirstAdministrator],
  exports: [DatabaseModule, NewUsers, FirstAdministrator],
})
export class UsersModule {}
