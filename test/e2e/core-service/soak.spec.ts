import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { soak } from '../../../bench/soak-clients.js';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient } from '../../support/core-service-client.js';

const CLIENTS = 60;
const KEY = 'the-key-of-the-soak-test';

describe('many clients of the core service at once', () => {
  let service: RunningCoreService;

  beforeEach(async () => {
    service = await startCoreService({ apiKeys: [KEY] });
  });
  afterEach(() => service.close());

  it('are all answered as specified, and leave no session behind', async () => {
    const { requests, errors } = await soak({ url: service.url, apiKey: KEY, clients: CLIENTS, durationMs: 200 });
    expect([...errors]).toEqual([]);
    // A sign-up, a life and a sign-in of each, at the least.
    expect(requests).toBeGreaterThanOrEqual(CLIENTS * 8);

    const client = new CoreServiceClient(service.url, { 'api-key': KEY });
    expect((await client.get('/users/count')).json).toEqual({ status: 'OK', count: CLIENTS });
    const { users } = (await client.get('/users?limit=1')).json as { users: { id: string }[] };
    expect((await client.get(`/recipe/session/user?userId=${users[0]!.id}`)).json).toEqual({
      status: 'OK',
      sessionHandles: [],
    });
  }, 120_000);

  it('are counted as failures where the service refuses them', async () => {
    const { errors } = await soak({ url: service.url, apiKey: 'another', clients: 3, durationMs: 50 });
    expect([...errors.values()]).toEqual([3]);
  });
});
