import type { Core } from './core.js';
import { type CoreOptions, isRemoteCore } from './core.options.js';
import type { PasswordHasher } from './password-hasher.js';

/**
 * The core that the options, which were checked, name. Only that one is loaded: an application whose data is in
 * another process has no use for a database.
 */
export async function createCore(
  options: CoreOptions,
  dependencies: { passwordHasher: PasswordHasher },
): Promise<Core> {
  if (isRemoteCore(options)) {
    const { createRemoteCore } = await import('./remote/remote-core.js');
    return createRemoteCore(options);
  }
  const { createEmbeddedCore } = await import('./embedded/embedded-core.js');
  return createEmbeddedCore(options, dependencies);
}
