import { afterEach, expect, it } from '@jest/globals';
import { startCoreService, type RunningCoreService } from '../../support/core-service.js';
import { TestClock } from '../../support/test-clock.js';

let service: RunningCoreService;
afterEach(() => service.close());

const countKeys = async (key: string): Promise<Response> =>
  fetch(`${service.url}/users/count`, { headers: { 'api-key': key } });

it('requests of one API key are limited where that is set, and others go on', async () => {
  const clock = new TestClock();
  service = await startCoreService({ apiKeys: ['one', 'other'], requestsPerSecond: 5, clock: clock.now });
  const answers = await Promise.all(Array.from({ length: 14 }, () => countKeys('one')));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(10).fill(200), ...Array(4).fill(429)]);
  const [refused] = answers.filter(({ status }) => status === 429);
  expect(Number(refused!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(await refused!.text()).toBe('Too many requests with this API key\n');

  expect((await countKeys('other')).status).toBe(200);
  expect((await countKeys('wrong')).status).toBe(401);
  expect((await fetch(`${service.url}/hello`)).status).toBe(200);
  clock.moveSeconds(1);
  const later = await Promise.all(Array.from({ length: 6 }, () => countKeys('one')));
  expect(later.map(({ status }) => status).sort()).toEqual([...Array(5).fill(200), 429]);
});

it('requests are not limited by default', async () => {
  service = await startCoreService({ apiKeys: ['one'], clock: new TestClock().now });
  const answers = await Promise.all(Array.from({ length: 50 }, () => countKeys('one')));
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
});
