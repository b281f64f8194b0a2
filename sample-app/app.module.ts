import { Module } from '@nestjs/common';
import { AuthModule, EmailPasswordRecipe, EmailVerificationRecipe, SessionRecipe, ThirdPartyRecipe } from 'latchkey';
import { Administrators } from './accounts/administrators.js';
import { EmailExistsController } from './accounts/email-exists.controller.js';
import { LimitsInOurWords } from './accounts/limits-in-our-words.js';
import { MeController } from './accounts/me.controller.js';
import { PasswordController } from './accounts/password.controller.js';
import { AuditModule } from './audit/audit.module.js';
import { withAudit } from './audit/with-audit.js';
import { withProviderAudit } from './audit/with-provider-audit.js';
import { IdentityProviderModule } from './identity-provider/identity-provider.module.js';
import { LocalIdentityProvider } from './identity-provider/local-identity-provider.js';
import { InviteOnly } from './invites/invite-only.api.js';
import { withInvitation } from './invites/with-invitation.js';
import { InvitesController } from './invites/invites.controller.js';
import { InvitesModule } from './invites/invites.module.js';
import { MailCatcher } from './mail/mail-catcher.js';
import { MailModule } from './mail/mail.module.js';
import { Settings } from './settings/settings.js';
import { SettingsModule } from './settings/settings.module.js';
import { FrontendsController } from './frontends/frontends.controller.js';

@Module({
  imports: [
    SettingsModule,
    AuthModule.forRootAsync({
      // Where the overrides below find what they inject.
      imports: [InvitesModule, AuditModule, MailModule, IdentityProviderModule],
      inject: [Settings],
      useFactory: ({ url, core }: Settings) => ({
        appInfo: { appName: 'Latchkey sample', apiDomain: url, websiteDomain: url },
        core,
      }),
      emailDelivery: {
        smtp: {
          inject: [MailCatcher],
          useFactory: ({ port }: MailCatcher) => ({ host: '127.0.0.1', port, from: 'no-reply@sample.test' }),
        },
        brand: { color: '#0b7a5b' },
      },
      attemptLimits: { override: LimitsInOurWords },
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init({ override: { apis: InviteOnly, functions: [withAudit] } }),
        EmailVerificationRecipe.init({ mode: 'OPTIONAL' }),
        ThirdPartyRecipe.initAsync({
          inject: [LocalIdentityProvider],
          useFactory: ({ entry }: LocalIdentityProvider) => ({ providers: [entry] }),
          override: { functions: [withInvitation, withProviderAudit] },
        }),
      ],
    }),
    InvitesModule,
    AuditModule,
    MailModule,
    IdentityProviderModule,
  ],
  controllers: [FrontendsController, MeController, PasswordController, EmailExistsController, InvitesController],
  providers: [Administrators],
})
export class AppModule {}
