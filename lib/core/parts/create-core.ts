import type { CorePart } from './core-part.js';
import { checkCoreParts } from './core-parts.js';
import type { Core } from '../core.js';
import { type CoreOptions, isRemoteCore } from './core.options.js';
import type { PasswordHasher } from '../password-hasher.js';

interface CoreDependencies {
  passwordHasher: PasswordHasher;
  /** Of recipes from elsewhere, beside our own. */
  parts?: readonly CorePart[];
}

/**
 * The core that the options, which were checked, name. Only that one is loaded: an application whose data is in
 * another process has no use for a database.
 * @throws {ConfigurationError} parts that cannot work together
 */
export async function createCore(options: CoreOptions, dependencies: CoreDependencies): Promise<Core> {
  checkCoreParts(dependencies.parts ?? []);
  if (isRemoteCore(options)) {
    const { createRemoteCore } = await import('./remote-core.js');
    return createRemoteCore(options, { parts: dependencies.parts });
  }
  const { createEmbeddedCore } = await import('./embedded-core.js');
  return createEmbeddedCore(options, dependencies);
}
