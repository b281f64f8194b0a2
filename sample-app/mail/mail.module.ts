import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { Settings } from '../settings/settings.js';
import { InboxController } from './inbox.controller.js';
import { InboxElsewhere } from './inbox-elsewhere.js';
import { MailCatcher } from './mail-catcher.js';

@Module({
  controllers: [InboxController],
  providers: [
    {
      provide: MailCatcher,
      inject: [Settings],
      useFactory: ({ smtp }: Settings) => (smtp === undefined ? MailCatcher.start() : new MailCatcher()),
    },
  ],
  exports: [MailCatcher],
})
export class MailModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(InboxElsewhere).forRoutes('inbox');
  }
}
