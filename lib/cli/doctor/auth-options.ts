import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../../core/auth.error.js';
import type { AuthModuleOptions } from '../../auth.options.js';

const EXAMPLE = 'export const authOptions = { appInfo, core, recipeList }';

/**
 * What the application gives `AuthModule.forRoot`. The module is run, so that only who types the command names one.
 * @param file JavaScript that exports `authOptions`, or a function that returns them
 * @throws {ConfigurationError} there is no such file, it cannot be loaded, or exports something else
 */
export async function loadAuthOptions(file: string): Promise<AuthModuleOptions> {
  const path = resolve(file);
  if (!existsSync(path)) throw new ConfigurationError(`There is no file ${path}. Compile the application first`);
  let exported: unknown;
  try {
    ({ authOptions: exported } = (await import(pathToFileURL(path).href)) as { authOptions?: unknown });
    if (typeof exported === 'function') exported = await (exported as () => unknown)();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`${path} cannot be loaded: ${reason}`, { cause });
  }
  if (typeof exported === 'object' && exported !== null) return exported as AuthModuleOptions;
  throw new ConfigurationError(
    `${path} exports no authOptions. Write: ${EXAMPLE}, and give them to AuthModule.forRoot`,
  );
}

/** What must not be printed, wherever a library repeats it. */
export function secretsOf(options: Partial<AuthModuleOptions>): string[] {
  const { core, emailDelivery } = options as {
    core?: Record<string, unknown>;
    emailDelivery?: Record<string, unknown>;
  };
  const smtp = emailDelivery?.smtp as { auth?: { pass?: unknown } } | undefined;
  return [smtp?.auth?.pass, core?.apiKey, ...passwordsOf(core?.postgres)].filter(
    (secret): secret is string => typeof secret === 'string' && secret !== '',
  );
}

function passwordsOf(postgres: unknown): unknown[] {
  const options = Object(postgres) as { connectionString?: unknown; password?: unknown };
  const url = typeof postgres === 'string' ? postgres : options.connectionString;
  if (typeof url !== 'string' || !URL.canParse(url)) return [url, options.password];
  const { password } = new URL(url);
  return [options.password, password, decodeURIComponent(password)];
}
