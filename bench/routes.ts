import { Controller, Get, Injectable, Module, UseGuards, type CanActivate } from '@nestjs/common';
import { AuthModule, EmailPasswordRecipe, Session, SessionRecipe, UserRolesRecipe } from 'latchkey';

const ANSWER = { ok: true };

@Injectable()
class NoopGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** The same answer behind nothing, a guard that does nothing, a session, and a session with a role and a permission. */
@Controller()
class RoutesController {
  @Get('open')
  open() {
    return ANSWER;
  }

  @Get('noop')
  @UseGuards(NoopGuard)
  noop() {
    return ANSWER;
  }

  @Get('session')
  @Session()
  session() {
    return ANSWER;
  }

  @Get('roles')
  @Session({ roles: ['accountant'], permissions: ['invoices:read'] })
  roles() {
    return ANSWER;
  }
}

const origin = 'http://localhost:3000';

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Bench', apiDomain: origin, websiteDomain: origin },
      core: { sqlite: ':memory:' },
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init(),
        UserRolesRecipe.init({ roles: { accountant: ['invoices:read', 'invoices:write'] } }),
      ],
    }),
  ],
  controllers: [RoutesController],
})
export class RoutesModule {}
