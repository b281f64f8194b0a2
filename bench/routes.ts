import { Controller, Get, Injectable, Module, UseGuards, type CanActivate } from '@nestjs/common';
import { AuthModule, EmailPasswordRecipe, Session, SessionRecipe } from 'latchkey';

const ANSWER = { ok: true };

@Injectable()
class NoopGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** The same answer behind nothing, behind a guard that does nothing, and behind a session. */
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
}

const origin = 'http://localhost:3000';

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Bench', apiDomain: origin, websiteDomain: origin },
      core: { sqlite: ':memory:' },
      recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init()],
    }),
  ],
  controllers: [RoutesController],
})
export class RoutesModule {}
