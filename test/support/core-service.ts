import type { EmbeddedDatabaseOptions } from '../../lib/core/embedded/storage/database.options.js';
import type { EngineOptions } from '../../lib/core/engine-options.js';
import { createCoreService } from '../../src/core-service.js';
import type { CoreServiceOptions } from '../../src/core-service.options.js';

export interface RunningCoreService {
  /** Without a slash at its end. */
  url: string;
  close(): Promise<void>;
}

export interface CoreServiceTestOptions extends Partial<Omit<CoreServiceOptions, 'database' | 'engine'>> {
  /** SQLite in memory by default. */
  database?: EmbeddedDatabaseOptions;
  /** Hashing costs next to nothing unless it is given here. */
  engine?: EngineOptions;
}

const passwordHashing = { memoryCostKiB: 64, timeCost: 1 };

/** The core service in this process, on a free port. */
export async function startCoreService(options: CoreServiceTestOptions = {}): Promise<RunningCoreService> {
  const service = await createCoreService({
    logLevel: 'off',
    database: { sqlite: ':memory:' },
    ...options,
    engine: { passwordHashing, ...options.engine },
  });
  await service.listen(0, '127.0.0.1');
  return { url: await service.getUrl(), close: () => service.close() };
}
