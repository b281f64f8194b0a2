import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCoreService } from '../src/core-service.js';
import { median } from './statistics.js';

/*
 * What a thousand tenants and a thousand apps cost the core service with its data in memory, in heap and resident memory, after each has
 * had a session: npm run bench:apps [-- <how many>]
 */
const COUNT = Number(process.argv[2] ?? 1000);
const AT_ONCE = 8;
const SAMPLES = 50;
const API_KEY = 'the-key-of-the-bench';
const SESSION = { userId: 'ada', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const service = await createCoreService({ database: { sqlite: ':memory:' }, apiKeys: [API_KEY], logLevel: 'off' });
await service.listen(0, '127.0.0.1');
const url = await service.getUrl();

async function send(method: 'PUT' | 'POST', path: string, body: object): Promise<void> {
  const headers = { 'api-key': API_KEY, 'content-type': 'application/json' };
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok || !text.includes('"OK"')) throw new Error(`${method} ${path}: ${response.status} ${text}`);
}

async function each(work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < COUNT) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function memory(): { heap: number; rss: number } {
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

async function cost(what: string, work: (number: number) => Promise<void>): Promise<void> {
  const before = memory();
  await each(work);
  const after = memory();
  const [heap, rss] = [after.heap - before.heap, after.rss - before.rss];
  console.log(`${COUNT} ${what}: ${kibibytes(heap / COUNT)} of heap and ${kibibytes(rss / COUNT)} resident each`);
}

async function medianMs(path: (sample: number) => string): Promise<string> {
  const durations: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const startedMs = performance.now();
    await send('POST', path(sample), SESSION);
    durations.push(performance.now() - startedMs);
  }
  return `${median(durations).toFixed(1)} ms`;
}

try {
  await send('POST', '/recipe/session', SESSION);
  await cost('tenants', async (number) => {
    await send('PUT', '/recipe/multitenancy/tenant/v2', { tenantId: `tenant-${number}` });
    await send('POST', `/tenant-${number}/recipe/session`, SESSION);
  });
  await cost('apps', async (number) => {
    await send('PUT', '/recipe/multitenancy/app/v2', { appId: `app-${number}` });
    await send('POST', `/appid-app-${number}/recipe/session`, SESSION);
  });
  const first = await medianMs((sample) => `/appid-app-${Math.floor((sample * COUNT) / 2 / SAMPLES)}/recipe/session`);
  const again = await medianMs(() => `/appid-app-0/recipe/session`);
  console.log(`A session in an app that was not asked for of late takes ${first}, in one that was ${again} (medians)`);
} finally {
  await service.close();
}
