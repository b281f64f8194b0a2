import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient } from '../../support/core-service-client.js';

const APPS = ['one', 'two', 'three'];

describe('more apps than are open at a time', () => {
  let service: RunningCoreService;
  let client: CoreServiceClient;

  beforeAll(async () => {
    service = await startCoreService({ openApps: 1 });
    client = new CoreServiceClient(service.url);
    for (const appId of APPS) await client.put('/recipe/multitenancy/app/v2', { appId });
  });
  afterAll(() => service.close());

  it('lose nothing, and answer every request', async () => {
    const credentials = (number: number) => ({ email: `${number}@example.com`, password: 'correct-horse-1' });
    const post = (appId: string, route: string, body: object) =>
      client.post(`/appid-${appId}/recipe/${route}`, body).then(({ json }) => (json as { status: string }).status);
    const work = APPS.flatMap((appId) => [0, 1, 2].map((number) => ({ appId, number })));

    const signedUp = await Promise.all(work.map(({ appId, number }) => post(appId, 'signup', credentials(number))));
    expect(signedUp).toEqual(work.map(() => 'OK'));
    for (const { appId, number } of work) expect(await post(appId, 'signin', credentials(number))).toBe('OK');
    const counts = APPS.map((appId) => client.get(`/appid-${appId}/users/count`));
    for (const { json } of await Promise.all(counts)) expect(json).toEqual({ status: 'OK', count: 3 });
    const { apps } = (await client.get('/recipe/multitenancy/app/list/v2')).json as { apps: { appId: string }[] };
    expect(apps.map(({ appId }) => appId)).toEqual(['public', ...APPS]);
  });
});
