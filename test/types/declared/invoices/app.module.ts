import { Module } from '@nestjs/common';
import { AuthModule, EmailPasswordRecipe, EmailVerificationRecipe, SessionRecipe, UserRolesRecipe } from 'latchkey';
import { FirstAdministrator } from './first-administrator.js';
import { InvoicesController } from './invoices.controller.js';
import { permissions, roles } from './permissions.js';
import { StaffController } from './staff.controller.js';

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Invoices', apiDomain: 'http://localhost:3000', websiteDomain: 'http://localhost:3000' },
      core: { sqlite: process.env.AUTH_DATABASE ?? 'auth.sqlite' },
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init(),
        EmailVerificationRecipe.init({ mode: 'OPTIONAL' }),
        UserRolesRecipe.init({ permissions, roles }),
      ],
    }),
  ],
  controllers: [InvoicesController, StaffController],
  providers: [FirstAdministrator],
})
export class AppModule {}
