import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { EmailPasswordCore } from '../../../lib/core/email-password.core.js';
import { createRemoteCore } from '../../../lib/core/parts/remote-core.js';
import { CoreServiceClient, refusal, type CoreAnswer } from '../../support/core-service-client.js';
import { startCoreService, type RunningCoreService } from '../../support/core-service.js';
import { HeldPasswordHasher } from '../../support/held-password-hasher.js';
import { waitUntil } from '../../support/wait-until.js';

let service: RunningCoreService;
let core: CoreServiceClient;
let passwordHasher: HeldPasswordHasher;

beforeEach(async () => {
  passwordHasher = new HeldPasswordHasher();
  const engine = { concurrentPasswordHashes: 1, waitingPasswordHashes: 2 };
  service = await startCoreService({ passwordHasher, engine, apiKeys: ['a key of the service'] });
  core = new CoreServiceClient(service.url, { 'api-key': 'a key of the service', 'cdi-version': '5.1' });
});
afterEach(async () => {
  passwordHasher.release();
  await service.close();
});

it('all apps of the core service hash in one line, and what is too much is answered 503', async () => {
  expect((await core.put('/recipe/multitenancy/app', { appId: 'shop' })).json).toMatchObject({ status: 'OK' });
  const signIn = (app: string) =>
    core.post(`${app}/recipe/signin`, { email: 'nobody@example.com', password: 'a guess 1' });
  // Opens the app, which hashes a decoy.
  expect((await signIn('/appid-shop')).json).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });

  passwordHasher.hold();
  const answers: CoreAnswer[] = [];
  const all = ['', '/appid-shop', '', '/appid-shop', ''].map(async (app) => answers.push(await signIn(app)));
  await waitUntil(async () => answers.length === 2);
  for (const answer of answers) {
    expect(answer).toMatchObject(refusal(503, 'The service is busy. Please try again.'));
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  }
  // Our driver knows that nothing was begun, so that no attempt is counted for it.
  const driver = await createRemoteCore({ connectionURI: service.url, apiKey: 'a key of the service' });
  const guess = { tenantId: 'public', email: 'nobody@example.com', password: 'a guess 1' };
  const refused = await driver
    .port(EmailPasswordCore)
    .signIn(guess)
    .catch((error: unknown) => error);
  passwordHasher.release();
  expect(refused).toMatchObject({ code: 'OVERLOADED' });
  await Promise.all(all);
  for (const { json } of answers.slice(2)) expect(json).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
  expect(passwordHasher.mostAtOnce).toBe(1);
});
