import { Controller, Get, Injectable } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import {
  EmailDelivery,
  EmailPasswordFunctions,
  getRequestFromUserContext,
  Session,
  SessionApi,
  SessionFunctions,
  Users,
  type SignUpInput,
} from 'latchkey';
import { RecordedEmailDelivery } from 'latchkey/testing';
import { around, authModule, bootError, newEmail, PASSWORD, rootModule } from '../../support/auth-app.js';

@Controller('guarded')
class GuardedController {
  @Get()
  @Session()
  read() {
    return { reached: true };
  }
}

@Injectable()
class StubbedSignUp extends EmailPasswordFunctions {
  override async signUp(_input: SignUpInput) {
    return { status: 'EMAIL_ALREADY_EXISTS_ERROR' as const };
  }
}

class NobodyIsIn extends SessionApi {
  verifications = 0;

  override async verifySession() {
    this.verifications++;
  }
}

const builder = () =>
  Test.createTestingModule({ imports: [rootModule({ imports: [authModule()], controllers: [GuardedController] })] });

describe("In Nest's TestingModule", () => {
  it('a base class is the token by which a test replaces what the application uses', async () => {
    const nobodyIsIn = new NobodyIsIn();
    const module = await builder()
      .overrideProvider(EmailPasswordFunctions)
      .useClass(StubbedSignUp)
      .overrideProvider(SessionApi)
      .useValue(nobodyIsIn)
      .overrideProvider(EmailDelivery)
      .useValue(new RecordedEmailDelivery())
      .compile();
    const app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    const auth = around({ app, url: await app.getUrl() });

    try {
      expect(await (await auth.client().signUp(newEmail(), PASSWORD)).json()).toEqual({
        status: 'FIELD_ERROR',
        formFields: [{ id: 'email', error: 'This email already exists. Please sign in instead.' }],
      });
      expect((await auth.client().get('/guarded')).status).toBe(401);
      // Without a session it would be 401 by the class that was replaced, too.
      expect(nobodyIsIn.verifications).toBe(1);
    } finally {
      await app.close();
    }
  });

  it('the functions work without an application that listens', async () => {
    const module = await builder().compile();
    await module.init();

    try {
      const { user } = (await module.get(EmailPasswordFunctions).signUp({ email: newEmail(), password: PASSWORD })) as {
        user: { id: string };
      };
      const session = await module.get(SessionFunctions).createNewSession({ userId: user.id });
      expect(session.getUserId()).toBe(user.id);
      expect(await module.get(Users).getUserCount()).toBe(1);
    } finally {
      await module.close();
    }
  });

  it('a replacement that is no override is refused as in an application', async () => {
    const error = await bootError(async () => {
      const module = await builder()
        .overrideProvider(SessionFunctions)
        .useValue({ createNewSession() {} })
        .compile();
      const app = module.createNestApplication({ logger: false });
      try {
        await app.init();
      } catch (failure) {
        await app.close();
        throw failure;
      }
      return { app };
    });

    expect(error.message).toBe(
      'SessionRecipe override.functions gave an object that is not an instance of SessionFunctions. ' +
        'Return an instance of a class that extends SessionFunctions.',
    );
  });
});

describe('In a standalone application context', () => {
  it('scripts and jobs use the functions, without a request', async () => {
    const seen: unknown[] = [];
    class Recorded extends EmailPasswordFunctions {
      override async signUp(input: SignUpInput) {
        seen.push(getRequestFromUserContext(input.userContext));
        return super.signUp(input);
      }
    }
    const context = await NestFactory.createApplicationContext(
      authModule({ emailPassword: { override: { functions: Recorded } } }),
      { logger: false, abortOnError: false },
    );

    try {
      const result = await context.get(EmailPasswordFunctions).signUp({ email: newEmail(), password: PASSWORD });
      expect(result.status).toBe('OK');
      expect(seen).toEqual([undefined]);
    } finally {
      await context.close();
    }
  });
});
