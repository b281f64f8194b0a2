import { Controller, Get, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AuthModule,
  EmailPasswordRecipe,
  EmailVerificationRecipe,
  PasswordHasher,
  Session,
  SessionContainer,
  SessionRecipe,
  Users,
} from 'latchkey';
import { AuthTestClient, RecordedEmailDelivery, signIn, TestClock, withInMemoryCore } from 'latchkey/testing';
import type { INestApplication } from '@nestjs/common';
import { Argon2PasswordHasher } from '../../../lib/core/embedded/argon2-password-hasher.js';
import { CountingPasswordHasher } from '../../support/counting-password-hasher.js';
import { appInfo, PASSWORD, rootModule } from '../../support/auth-app.js';

const cheap = { memoryCostKiB: 8, timeCost: 1, parallelism: 1 };

@Controller('me')
class MeController {
  @Get()
  read(@Session() session: SessionContainer) {
    return { userId: session.getUserId(), plan: session.getAccessTokenPayload().plan };
  }

  @Post()
  write(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

/** As an application has them in production: with a database that a test must not reach. */
function application() {
  const auth = AuthModule.forRoot({
    appInfo,
    core: { postgres: 'postgres://nobody:nothing@127.0.0.1:1/none', accessTokenLifetimeSeconds: 600 },
    passwordHasher: { useFactory: () => new CountingPasswordHasher(new Argon2PasswordHasher(cheap)) },
    emailDelivery: { useClass: RecordedEmailDelivery },
    recipeList: [
      SessionRecipe.init({ antiCsrf: 'VIA_TOKEN' }),
      EmailPasswordRecipe.init(),
      EmailVerificationRecipe.init({ mode: 'REQUIRED' }),
    ],
  });
  return rootModule({ imports: [auth], controllers: [MeController] });
}

describe('A test of an application', () => {
  let app: INestApplication;
  let url: string;
  let clock: TestClock;

  const start = async () => {
    const compiled = await withInMemoryCore(Test.createTestingModule({ imports: [application()] })).compile();
    app = compiled.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  };
  const get = (headers: Record<string, string>) => fetch(`${url}/me`, { headers });

  beforeEach(() => {
    clock = new TestClock();
  });
  afterEach(async () => {
    clock.restore();
    await app.close();
  });

  it('has somebody signed in without hashing, in headers and in cookies', async () => {
    await start();
    const hasher = app.get(PasswordHasher, { strict: false }) as CountingPasswordHasher;
    const before = hasher.hashed;

    const ann = await signIn(app, 'Ann@example.com', { payload: { plan: 'pro' } });
    const user = await app.get(Users).getUser(ann.userId);

    expect(hasher.hashed).toBe(before);
    expect(user?.emails).toEqual(['ann@example.com']);
    expect(await (await get(ann.headers)).json()).toEqual({ userId: ann.userId, plan: 'pro' });
    expect(await (await get(ann.cookies)).json()).toEqual({ userId: ann.userId, plan: 'pro' });
    const written = await fetch(`${url}/me`, { method: 'POST', headers: ann.cookies });
    expect(await written.json()).toEqual({ userId: ann.userId });
    const { 'anti-csrf': _, ...withoutToken } = ann.cookies;
    expect((await fetch(`${url}/me`, { method: 'POST', headers: withoutToken })).status).toBe(401);
  });

  it('signs in who is there already, whose password stays, and says why it cannot', async () => {
    await start();
    const client = new AuthTestClient({ url });
    const { user } = (await (await client.signUp('ann@example.com', PASSWORD)).json()) as { user: { id: string } };

    expect(await signIn(app, 'ann@example.com')).toMatchObject({ userId: user.id, recipeUserId: user.id });
    expect((await client.signIn('ann@example.com', PASSWORD)).status).toBe(200);
    await expect(signIn(app, 'ann@example.com', { tenantId: 'acme' })).rejects.toThrow(/acme/);
  });

  it('has emails that are verified, or are not', async () => {
    await start();

    const [ann, bob] = [
      await signIn(app, 'ann@example.com'),
      await signIn(app, 'bob@example.com', { isEmailVerified: false }),
    ];

    expect((await get(ann.headers)).status).toBe(200);
    expect(await (await get(bob.headers)).json()).toMatchObject({ message: 'invalid claim' });
  });

  it('moves the time, by which sessions expire', async () => {
    await start();
    const ann = await signIn(app, 'ann@example.com');

    // The time goes on meanwhile, on a busy machine by seconds.
    clock.moveSeconds(400);
    expect((await get(ann.headers)).status).toBe(200);
    clock.moveSeconds(200);
    expect(await (await get(ann.headers)).json()).toEqual({ message: 'try refresh token' });
    clock.moveSeconds(-200);
    expect((await get(ann.headers)).status).toBe(200);
  });

  it('makes dates of that time, which are dates like others', async () => {
    await start();
    const before = new Date();

    clock.moveTo(new Date('2040-01-01T00:00:00Z'));

    const after = new Date();
    expect(after.getUTCFullYear()).toBe(2040);
    expect(after instanceof Date && before instanceof Date).toBe(true);
    expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
    clock.restore();
    expect(new Date().getTime()).toBeLessThan(after.getTime());
    expect(Date.now().constructor).toBe(Number);
  });
});
