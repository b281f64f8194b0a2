import { afterEach, describe, expect, it } from '@jest/globals';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { CoreServiceClient, refusal } from '../../support/core-service-client.js';
import { startCoreService, type CoreServiceTestOptions, type RunningCoreService } from '../../support/core-service.js';
import { TestClock } from '../../support/test-clock.js';

const apiKeys = ['a key of the service'];
const OK = { status: 'OK' };
const WRONG = { status: 'WRONG_CREDENTIALS_ERROR' };

let service: RunningCoreService;
const apps: AuthApp[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map(({ app }) => app.close()));
  await service.close();
});

async function start(options: CoreServiceTestOptions = {}): Promise<CoreServiceClient> {
  service = await startCoreService({ apiKeys, ...options });
  return new CoreServiceClient(service.url, { 'api-key': apiKeys[0]!, 'cdi-version': '5.1' });
}

describe('Sign-ins by a driver that counts nothing itself', () => {
  const refused = refusal(429, 'Too many attempts to sign in to this account');

  it('are limited by account, known or not, forgiven by a success, and go on with a new password', async () => {
    const clock = new TestClock();
    const core = await start({ signInAttempts: 3, clock: clock.now });
    const [known, unknown] = [newEmail(), newEmail()];
    const { json } = await core.post('/recipe/signup', { email: known, password: PASSWORD });
    const { user } = json as { user: { id: string } };
    const signIn = (email: string, password = 'a guess 1') => core.post('/recipe/signin', { email, password });

    for (const email of [known, unknown]) {
      for (let time = 0; time < 3; time++) expect((await signIn(email)).json).toEqual(WRONG);
      const answer = await signIn(email.toUpperCase(), PASSWORD);
      expect(answer).toMatchObject(refused);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(200);
    }
    clock.moveSeconds(200);
    expect((await signIn(known, PASSWORD)).json).toMatchObject(OK);
    for (let time = 0; time < 3; time++) expect((await signIn(known)).json).toEqual(WRONG);
    expect(await signIn(known)).toMatchObject(refused);

    const password = 'another password 2';
    expect((await core.put('/recipe/user', { recipeUserId: user.id, password })).json).toMatchObject(OK);
    expect((await signIn(known, password)).json).toMatchObject(OK);
  });

  it('are not where that is switched off', async () => {
    const core = await start({ signInAttempts: 0 });
    for (let time = 0; time < 15; time++) {
      expect((await core.post('/recipe/signin', { email: 'ada@example.com', password: 'x' })).json).toEqual(WRONG);
    }
  });
});

describe('Sign-ins by two replicas of our own driver', () => {
  it('are counted together by the core service, and a known device has attempts of its own', async () => {
    await start({ signInAttempts: 1 });
    const core = { connectionURI: service.url, apiKey: apiKeys[0]! };
    const attemptLimits = { actions: { signIn: { account: [{ attempts: 4, seconds: 3600 }] } } };
    for (let replica = 0; replica < 2; replica++)
      apps.push(await startAuthApp('Express', { auth: { core, attemptLimits } }));
    const [here, there] = apps as [AuthApp, AuthApp];
    const email = newEmail();
    const device = here.client({ transferMethod: 'cookie' });
    expect(await (await device.signUp(email, PASSWORD)).json()).toMatchObject(OK);
    await device.signOut();

    const guess = async ({ client }: AuthApp) => (await client().signIn(email, 'a guess 1')).json();
    for (const app of [here, there, here, there]) expect(await guess(app)).toEqual(WRONG);
    for (const app of [here, there]) expect(await guess(app)).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(await (await device.signIn(email, PASSWORD)).json()).toMatchObject(OK);
  });
});
