import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { AuthModule, Session, SessionFunctions } from 'latchkey';
import { authModule, rootModule } from '../../support/auth-app.js';
import { bootMessage } from '../../support/boot-message.js';

@Injectable()
class NeedsSessions {
  constructor(readonly sessions: SessionFunctions) {}
}

@Controller()
class GuardedController {
  constructor(readonly needsSessions: NeedsSessions) {}

  @Get('guarded')
  @Session()
  read() {}
}

@Module({ imports: [AuthModule], controllers: [GuardedController], providers: [NeedsSessions] })
class Feature {}

it.each<[string, unknown[]]>([
  ['beside AuthModule.forRoot', [authModule(), Feature]],
  ['alone', [Feature]],
])('A module that imports AuthModule as a plain class, and uses it, stops the start: %s', async (_where, imports) => {
  expect(await bootMessage(() => rootModule({ imports: imports as never }))).toBe(
    'AuthModule is in the imports of a module without its options. Write AuthModule.forRoot({ … }) in the root module; ' +
      'it is global, so remove AuthModule from the imports of every other module.',
  );
});
