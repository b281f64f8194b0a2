import type { InjectionToken } from '@nestjs/common';
import type { AuthRuntimeOptions } from '../auth.options.js';
import { AUTH_OPTIONS, CORE_OPTIONS, CORE_PARTS } from '../auth.providers.js';
import { Core } from '../core/core.js';
import { PasswordHasher } from '../core/password-hasher.js';
import type { CorePart } from '../core/parts/core-part.js';
import { checkCoreOptions, type CoreOptions, type EmbeddedCoreOptions } from '../core/parts/core.options.js';
import { testKeyPair } from './test-key-pair.js';

/** What is needed of the `TestingModuleBuilder` of `@nestjs/testing`. */
export interface TestingBuilder<Builder> {
  /** Replaces a provider. */
  overrideProvider(token: InjectionToken): {
    /** By what a factory makes. */
    useFactory(options: { factory: (...dependencies: never[]) => unknown; inject?: InjectionToken[] }): Builder;
  };
}

/** Options that name a database, or a core elsewhere; the others are those of an engine, and stay. */
const PLACES = [
  'sqlite',
  'postgres',
  'schema',
  'statementTimeoutMs',
  'migrations',
  'connectionURI',
  'apiKey',
  'timeoutMs',
];

/** As little as argon2 allows: a hash takes less than a millisecond. */
const CHEAP_HASHING = { memoryCostKiB: 8, timeCost: 1, parallelism: 1 };

/**
 * Gives the application of a test a core of its own in memory, whatever its `core` option names; lifetimes and limits stay as
 * they are. It starts in a few hundredths of a second, since its signing key is made already, and hashes passwords
 * with next to no work.
 *
 * ```ts
 * const module = await withInMemoryCore(Test.createTestingModule({ imports: [AppModule] })).compile();
 * ```
 */
export function withInMemoryCore<Builder extends TestingBuilder<Builder>>(builder: Builder): Builder {
  return builder
    .overrideProvider(CORE_OPTIONS)
    .useFactory({
      inject: [AUTH_OPTIONS, CORE_PARTS],
      factory: ({ core }: AuthRuntimeOptions, parts: readonly CorePart[]) => inMemory(core, parts),
    })
    .overrideProvider(Core)
    .useFactory({
      inject: [CORE_OPTIONS, PasswordHasher, CORE_PARTS],
      factory: async (options: EmbeddedCoreOptions, passwordHasher: PasswordHasher, parts: readonly CorePart[]) => {
        const { createEmbeddedCore } = await import('../core/parts/embedded-core.js');
        return createEmbeddedCore(options, { passwordHasher, parts, generateKeyPair: testKeyPair });
      },
    });
}

function inMemory(options: CoreOptions | undefined, parts: readonly CorePart[]): CoreOptions {
  const ofEngine = Object.entries({ ...options }).filter(([name]) => !PLACES.includes(name));
  return checkCoreOptions(
    { ...Object.fromEntries(ofEngine), sqlite: ':memory:', passwordHashing: CHEAP_HASHING },
    parts,
  );
}
