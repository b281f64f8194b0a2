import { Module } from '@nestjs/common';
import { InboxController } from './inbox.controller.js';
import { MailCatcher } from './mail-catcher.js';

@Module({
  controllers: [InboxController],
  providers: [{ provide: MailCatcher, useFactory: () => MailCatcher.start() }],
  exports: [MailCatcher],
})
export class MailModule {}
