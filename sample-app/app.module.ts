import { Module } from '@nestjs/common';
import { AuthModule, EmailPasswordRecipe, SessionRecipe } from 'latchkey';
import { Administrators } from './accounts/administrators.js';
import { EmailExistsController } from './accounts/email-exists.controller.js';
import { MeController } from './accounts/me.controller.js';
import { PasswordController } from './accounts/password.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditModule } from './audit/audit.module.js';
import { AuditedEmailPassword } from './audit/audited-email-password.functions.js';
import { InviteOnly } from './invites/invite-only.api.js';
import { InvitesController } from './invites/invites.controller.js';
import { InvitesModule } from './invites/invites.module.js';
import { core, url } from './settings.js';
import { WebController } from './web.controller.js';

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Latchkey sample', apiDomain: url, websiteDomain: url },
      core,
      // Where the overrides below find what they inject.
      imports: [InvitesModule, AuditModule],
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init({ override: { apis: InviteOnly, functions: AuditedEmailPassword } }),
      ],
    }),
    InvitesModule,
    AuditModule,
  ],
  controllers: [
    WebController,
    MeController,
    PasswordController,
    EmailExistsController,
    InvitesController,
    AuditController,
  ],
  providers: [Administrators],
})
export class AppModule {}
