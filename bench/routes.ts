import { Controller, Get, Injectable, Module, UseGuards, type CanActivate } from '@nestjs/common';
import {
  AuthModule,
  EmailPasswordRecipe,
  Session,
  type SessionClaimValidator,
  SessionRecipe,
  UserRolesRecipe,
} from 'latchkey';

const ANSWER = { ok: true };

/** Requirements of an application's own, which read the token and wait for nothing. */
const TEN_VALIDATORS: SessionClaimValidator[] = Array.from({ length: 10 }, (_, at) => ({
  id: `validator-${at}`,
  validate: ({ sub }) => (sub === undefined ? { isValid: false, reason: 'nobody' } : { isValid: true }),
}));

@Injectable()
class NoopGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** The same answer behind nothing, a guard that does nothing, a session, and a session of which something is asked. */
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

  @Get('validators')
  @Session({ overrideGlobalClaimValidators: (validators) => [...validators, ...TEN_VALIDATORS] })
  validators() {
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
