import { Logger } from '@nestjs/common';
import { isLoopbackHost } from '../lib/core/loopback.js';
import { ConfigurationError } from '../lib/core/auth.error.js';
import { keyFileFor, readOrMakeKey } from './config/service-key-file.js';
import { type CoreServiceSettings, readSettings } from './config/settings.js';
import { createCoreService } from './core-service.js';
import type { CoreServiceOptions } from './core-service.options.js';

const SHORT_KEY_LENGTH = 20;

/** What recipes from elsewhere add to the service. */
export type CoreServiceExtension = Pick<CoreServiceOptions, 'parts' | 'controllers'>;

/**
 * Serves until the process is told to end; then what was begun is answered, and no more is taken.
 * @param configFile JSON
 * @param extension the command line has none: for recipes from elsewhere, call this from a file of your own
 * @throws {ConfigurationError}
 */
export async function runCoreService(
  configFile: string | undefined,
  environment: NodeJS.ProcessEnv,
  extension: CoreServiceExtension = {},
): Promise<void> {
  const { settings, keyFile } = await withKey(await readSettings(configFile, environment, extension.parts));
  const service = await createCoreService({ ...settings, ...extension });
  service.enableShutdownHooks();
  const { port, host } = settings;
  try {
    await service.listen(port, host);
  } catch (cause) {
    await service.close();
    const { message } = cause as Error;
    throw new ConfigurationError(`Core service: it cannot listen at ${host}:${port} (${message}). Set HOST and PORT`, {
      cause,
    });
  }
  const logger = new Logger('Core');
  for (const warning of warningsAbout(settings)) logger.warn(warning);
  if (keyFile !== undefined) logger.log(keyFile);
  logger.log(`Listening at ${await service.getUrl()}`);
}

/**
 * A service that others reach has a key: where none is configured, it makes one at its first start.
 * @throws {ConfigurationError} there is no place for it
 */
async function withKey(settings: CoreServiceSettings): Promise<{ settings: CoreServiceSettings; keyFile?: string }> {
  const { apiKeys, host, database } = settings;
  if (apiKeys.length > 0 || isLoopbackHost(host)) return { settings };
  const file = keyFileFor(database);
  if (file === undefined) {
    throw new ConfigurationError(
      `Core service: no API key is set, and others reach ${host}. Set LATCHKEY_API_KEYS, one key for all replicas, such as ` +
        'openssl rand -base64 32 makes it, or set HOST to 127.0.0.1',
    );
  }
  const { key, isNew } = await readOrMakeKey(file);
  const keyFile = isNew ? `An API key was made. It is in ${file}` : `The API key is in ${file}`;
  return { settings: { ...settings, apiKeys: [key] }, keyFile };
}

function warningsAbout({ apiKeys }: CoreServiceSettings): string[] {
  return apiKeys.some((key) => key.length < SHORT_KEY_LENGTH)
    ? [
        `An API key is shorter than ${SHORT_KEY_LENGTH} characters and may be guessed. Make one: openssl rand -base64 32`,
      ]
    : [];
}
