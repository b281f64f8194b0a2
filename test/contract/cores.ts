import type { Core } from '../../lib/core/core.js';
import { Argon2PasswordHasher } from '../../lib/core/embedded/argon2-password-hasher.js';
import { createEmbeddedCore } from '../../lib/core/parts/embedded-core.js';
import type { EmbeddedDatabaseOptions } from '../../lib/core/embedded/storage/database.options.js';
import type { EngineOptions } from '../../lib/core/engine-options.js';
import type { PasswordHasher } from '../../lib/core/password-hasher.js';
import { createRemoteCore } from '../../lib/core/parts/remote-core.js';
import { startCoreService } from '../support/core-service.js';
import { lentSchema } from '../support/kept-schemas.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { TestClock } from '../support/test-clock.js';

export interface CoreSettings extends EngineOptions {
  passwordHasher?: PasswordHasher;
}

export interface CoreUnderTest {
  core: Core;
  clock: TestClock;
  close(): Promise<void>;
}

export interface PersistentCoreUnderTest extends CoreUnderTest {
  /** A second core over the same data, as another process would have it; closed with the first. */
  openAnother(settings?: CoreSettings): Promise<Core>;
}

export interface CoreKind<T extends CoreUnderTest> {
  name: string;
  create(settings?: CoreSettings): Promise<T>;
}

/** Argon2 at its cheapest: these tests sign in by the hundred. */
export const cheapPasswordHasher = new Argon2PasswordHasher({ memoryCostKiB: 1024, timeCost: 1, parallelism: 1 });

async function createInMemory(settings: CoreSettings = {}): Promise<CoreUnderTest> {
  const { passwordHasher = cheapPasswordHasher, ...options } = settings;
  const clock = new TestClock();
  const core = await createEmbeddedCore({ ...options, sqlite: ':memory:' }, { passwordHasher, clock: clock.now });
  return { core, clock, close: () => core.close() };
}

async function createInFile(settings?: CoreSettings): Promise<PersistentCoreUnderTest> {
  const folder = await temporaryFolder();
  return createOver(
    () => ({ sqlite: folder.path('auth.sqlite') }),
    () => folder.remove(),
    settings,
  );
}

async function createInPostgres(settings?: CoreSettings): Promise<PersistentCoreUnderTest> {
  const { schema, pools, giveBack } = lentSchema();
  const database = (opened: number) => ({ postgres: pools[Math.min(opened, 1)]!, schema });
  return createOver(database, giveBack, settings);
}

/** Each core talks to a service of its own; the services share the data. */
async function createRemote(settings?: CoreSettings): Promise<PersistentCoreUnderTest> {
  const folder = await temporaryFolder();
  return createOver(
    () => ({ sqlite: folder.path('auth.sqlite') }),
    () => folder.remove(),
    settings,
    openRemote,
  );
}

interface OpenedCore {
  core: Core;
  close(): Promise<void>;
}

type OpenCore = (database: EmbeddedDatabaseOptions, settings: CoreSettings, clock: TestClock) => Promise<OpenedCore>;

const openEmbedded: OpenCore = async (database, settings, clock) => {
  const { passwordHasher = cheapPasswordHasher, ...options } = settings;
  const core = await createEmbeddedCore({ ...options, ...database }, { passwordHasher, clock: clock.now });
  return { core, close: () => core.close() };
};

const openRemote: OpenCore = async (database, settings, clock) => {
  const { passwordHasher = cheapPasswordHasher, ...engine } = settings;
  const apiKeys = ['a key of the service'];
  const service = await startCoreService({ database, engine, passwordHasher, apiKeys, clock: clock.now });
  const core = await createRemoteCore({ connectionURI: service.url, apiKey: apiKeys[0] }, { clock: clock.now });
  const close = async () => {
    await core.close();
    await service.close();
  };
  return { core, close };
};

async function createOver(
  databaseFor: (opened: number) => EmbeddedDatabaseOptions,
  remove: () => Promise<void>,
  settings: CoreSettings = {},
  openCore: OpenCore = openEmbedded,
): Promise<PersistentCoreUnderTest> {
  const clock = new TestClock();
  const opened: OpenedCore[] = [];
  const open = async (settings: CoreSettings): Promise<Core> => {
    const one = await openCore(databaseFor(opened.length), settings, clock);
    opened.push(one);
    return one.core;
  };
  const core = await open(settings);
  return {
    core,
    clock,
    openAnother: (otherSettings = settings) => open(otherSettings),
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await remove();
    },
  };
}

/** Cores whose data several processes can share. */
export const persistentCores: CoreKind<PersistentCoreUnderTest>[] = [
  { name: 'embedded, SQLite in a file', create: createInFile },
  { name: 'embedded, PostgreSQL', create: createInPostgres },
  { name: 'remote', create: createRemote },
];

/** What holds for one must hold for all. */
export const cores: CoreKind<CoreUnderTest>[] = persistentCores;

/**
 * With SQLite in memory, which differs from a file by its connection only: for what depends on that. The scenarios of
 * test/e2e run in memory.
 */
export const coresAndMemory: CoreKind<CoreUnderTest>[] = [
  ...cores,
  { name: 'embedded, SQLite in memory', create: createInMemory },
];

export function isEmbedded({ name }: { name: string }): boolean {
  return name.startsWith('embedded');
}

/** For what is no part of the wire, or cannot be said on it. */
export const embeddedCores = cores.filter(isEmbedded);
export const persistentEmbeddedCores = persistentCores.filter(isEmbedded);
