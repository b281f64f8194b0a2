import { Module } from '@nestjs/common';
import {
  AuthModule,
  DashboardRecipe,
  EmailPasswordRecipe,
  EmailVerificationRecipe,
  SessionRecipe,
  ThirdPartyRecipe,
  UserRolesRecipe,
} from 'latchkey';
import { AuditModule } from './audit/audit.module.js';
import { withAudit } from './audit/with-audit.js';
import { withProviderAudit } from './audit/with-provider-audit.js';
import { FrontendsController } from './frontends/frontends.controller.js';
import { Pages } from './frontends/pages.js';
import { HealthModule } from './health/health.module.js';
import { IdentityProvider } from './identity-provider/identity-provider.js';
import { IdentityProviderModule } from './identity-provider/identity-provider.module.js';
import { InviteOnly } from './invites/invite-only.api.js';
import { InvitesModule } from './invites/invites.module.js';
import { withInvitation } from './invites/with-invitation.js';
import { LastConnections } from './last-connections.js';
import { LimitsModule } from './limits/limits.module.js';
import { MailCatcher } from './mail/mail-catcher.js';
import { MailModule } from './mail/mail.module.js';
import { ProjectsModule } from './projects/projects.module.js';
import { Settings } from './settings/settings.js';
import { SettingsModule } from './settings/settings.module.js';
import { TourModule } from './tour/tour.module.js';
import { AdministratorOnVerification } from './users/administrator-on-verification.functions.js';
import { LimitsInOurWords } from './users/limits-in-our-words.js';
import { permissions, roles } from './users/permissions.js';
import { UsersModule } from './users/users.module.js';
import { withProfile } from './users/with-profile.js';
import { withProviderProfile } from './users/with-provider-profile.js';

@Module({
  imports: [
    SettingsModule,
    AuthModule.forRootAsync({
      // Where the overrides below find what they inject.
      imports: [UsersModule, InvitesModule, AuditModule, MailModule, IdentityProviderModule],
      inject: [Settings],
      useFactory: ({ url, pageOrigins, core }: Settings) => ({
        appInfo: { appName: 'Latchkey sample', apiDomain: url, websiteDomain: url, allowedOrigins: pageOrigins },
        core,
      }),
      emailDelivery: {
        smtp: {
          inject: [Settings, MailCatcher],
          useFactory: ({ smtp }: Settings, catcher: MailCatcher) => smtp ?? catcher.smtp,
        },
        brand: { color: '#0b7a5b' },
      },
      attemptLimits: { override: LimitsInOurWords },
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init({ override: { apis: InviteOnly, functions: [withAudit, withProfile] } }),
        EmailVerificationRecipe.init({ mode: 'OPTIONAL', override: { functions: AdministratorOnVerification } }),
        ThirdPartyRecipe.initAsync({
          inject: [IdentityProvider],
          useFactory: ({ entry }: IdentityProvider) => ({ providers: entry === undefined ? [] : [entry] }),
          override: { functions: [withInvitation, withProviderAudit, withProviderProfile] },
        }),
        UserRolesRecipe.init({ permissions, roles }),
        // At /auth/dashboard, for those who have its permissions.
        DashboardRecipe.init(),
      ],
    }),
    UsersModule,
    InvitesModule,
    AuditModule,
    ProjectsModule,
    MailModule,
    IdentityProviderModule,
    HealthModule,
    LimitsModule,
    TourModule,
  ],
  controllers: [FrontendsController],
  providers: [LastConnections, Pages],
})
export class AppModule {}
