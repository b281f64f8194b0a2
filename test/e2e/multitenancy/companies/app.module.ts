import { Module } from '@nestjs/common';
import { AuthModule, EmailPasswordRecipe, MultitenancyRecipe, SessionRecipe, UserRolesRecipe } from 'latchkey';
import { CompaniesController } from './companies.controller.js';
import { NotesController } from './notes.controller.js';

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Notes', apiDomain: 'http://localhost:3000', websiteDomain: 'http://localhost:3000' },
      core: { sqlite: process.env.AUTH_DATABASE ?? 'auth.sqlite' },
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init(),
        UserRolesRecipe.init({ roles: { operator: [] } }),
        MultitenancyRecipe.init(),
      ],
    }),
  ],
  controllers: [CompaniesController, NotesController],
})
export class AppModule {}
