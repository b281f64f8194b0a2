import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCoreService } from '../src/core-service.js';
import { soak } from './soak-clients.js';

/*
 * 200 clients for a minute against the core service. Fails on any error, and when memory that is still there after a
 * collection grows by more than caches may: npm run bench:soak
 */
const CLIENTS = 200;
const DURATION_MS = Number(process.env.SOAK_SECONDS ?? 60) * 1000;
/** The access tokens that were verified are remembered, up to 10,000 of them: that much memory fills, and no more. */
const TOLERATED_GROWTH_BYTES = 32 * 1_048_576;
const API_KEY = 'the-key-of-the-soak-test';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const folder = mkdtempSync(join(tmpdir(), 'latchkey-soak-'));
const service = await createCoreService({
  database: { sqlite: join(folder, 'auth.sqlite') },
  apiKeys: [API_KEY],
  logLevel: 'off',
  engine: { passwordHashing: { memoryCostKiB: 1024, timeCost: 1 } },
});
await service.listen(0, '127.0.0.1');
const url = await service.getUrl();

const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;

function memory(): { heap: number; rss: number } {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

async function part(durationMs: number): Promise<number> {
  const startedMs = Date.now();
  const { requests, errors } = await soak({ url, apiKey: API_KEY, clients: CLIENTS, durationMs });
  console.log(`${requests} requests, ${Math.round((requests * 1000) / (Date.now() - startedMs))} a second`);
  for (const [message, times] of errors) console.error(`${times} times: ${message}`);
  return errors.size;
}

try {
  let failures = await part(DURATION_MS / 6);
  const before = memory();
  failures += await part(DURATION_MS / 3);
  const between = memory();
  failures += await part(DURATION_MS / 2);
  const after = memory();

  for (const [when, { heap, rss }] of Object.entries({
    'after the warm-up': before,
    'half-way': between,
    'at the end': after,
  })) {
    console.log(`${when}: heap ${mebibytes(heap)}, resident ${mebibytes(rss)}`);
  }
  const growth = after.heap - before.heap;
  console.log(`heap growth since the warm-up: ${mebibytes(growth)}`);
  if (growth > TOLERATED_GROWTH_BYTES) failures += 1;
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
}
