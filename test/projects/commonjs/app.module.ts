import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { AuthModule, EmailPasswordApi, EmailPasswordRecipe, Session, SessionContainer, SessionRecipe } from 'latchkey';
import { RecordedEmailDelivery } from 'latchkey/testing';

@Injectable()
export class Greeting extends EmailPasswordApi {}

@Controller('me')
export class MeController {
  @Get()
  me(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Test', apiDomain: 'http://127.0.0.1:3000', websiteDomain: 'http://127.0.0.1:3000' },
      core: { sqlite: ':memory:', passwordHashing: { memoryCostKiB: 64, timeCost: 1 } },
      emailDelivery: { useClass: RecordedEmailDelivery },
      recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init({ override: { apis: Greeting } })],
    }),
  ],
  controllers: [MeController],
})
export class AppModule {}

// @ts-expect-error the types of the package arrive; this would compile if they were any
export const mistake = () => SessionRecipe.init({ antiCsrf: 'TYPO' });
