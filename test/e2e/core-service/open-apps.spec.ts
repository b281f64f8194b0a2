import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Apps } from '../../../src/apps/apps.js';
import { createCoreService } from '../../../src/core-service.js';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient } from '../../support/core-service-client.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

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

describe('an app that is not open', () => {
  it('is opened only for a key of its own', async () => {
    const folder = await temporaryFolder();
    const options = { database: { sqlite: folder.path('core.sqlite') }, apiKeys: ['a key of the service'] };
    const file = folder.path('core.app-closed.sqlite');
    const coreConfig = { api_keys: 'a key of the app' };
    let service = await startCoreService(options);
    try {
      const admin = new CoreServiceClient(service.url, { 'api-key': 'a key of the service' });
      expect((await admin.put('/recipe/multitenancy/app/v2', { appId: 'closed', coreConfig })).status).toBe(200);
      await service.close();
      // What opens the app makes its file.
      await rm(file);
      service = await startCoreService(options);
      const statusOf = async (apiKey: string | undefined, appId = 'closed') =>
        (
          await new CoreServiceClient(service.url, apiKey === undefined ? {} : { 'api-key': apiKey }).get(
            `/appid-${appId}/users/count`,
          )
        ).status;
      for (const apiKey of [undefined, 'made up', options.apiKeys[0]]) expect(await statusOf(apiKey)).toBe(401);
      expect(existsSync(file)).toBe(false);
      expect(await statusOf('a key of the app')).toBe(200);
      expect(existsSync(file)).toBe(true);
      for (const apiKey of [undefined, options.apiKeys[0]]) expect(await statusOf(apiKey)).toBe(401);
      expect([await statusOf(undefined, 'unknown'), await statusOf(options.apiKeys[0], 'unknown')]).toEqual([401, 400]);
    } finally {
      await service.close();
      await folder.remove();
    }
  });
});

describe('an app whose client has gone', () => {
  it('is left when its request is done', async () => {
    const service = await createCoreService({ logLevel: 'off', database: { sqlite: ':memory:' } });
    await service.listen(0, '127.0.0.1');
    const url = `${await service.getUrl()}/latchkey/revocations/since`;
    const since = (body: object, signal?: AbortSignal) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      });
    const { position } = (await (await since({ waitMs: 0 })).json()) as { position: string };
    try {
      const app = (await service.get(Apps).enter('public'))!;
      app.leave();
      await waitUntil(async () => !app.isInUse);

      const leaving = new AbortController();
      const answer = since({ position, waitMs: 1000 }, leaving.signal);
      await waitUntil(async () => app.isInUse);
      leaving.abort();
      await expect(answer).rejects.toThrow('aborted');

      await waitUntil(async () => !app.isInUse);
    } finally {
      await service.close();
    }
  });
});
