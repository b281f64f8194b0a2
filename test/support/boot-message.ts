import { expect } from '@jest/globals';
import { ConfigurationError } from 'latchkey';
import { bootError, rootModule } from './auth-app.js';
import { startApp } from './frameworks.js';

/** What an application says that cannot start because of its options. */
export async function bootMessage(module: () => unknown): Promise<string> {
  const error = await bootError(async () => startApp('Express', rootModule({ imports: [module() as never] })));
  expect(error).toBeInstanceOf(ConfigurationError);
  return error.message;
}
