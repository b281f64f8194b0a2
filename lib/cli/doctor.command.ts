import type { AuthModuleOptions } from '../auth.options.js';
import type { EmbeddedDatabaseOptions } from '../core/embedded/storage/database.options.js';
import { engineOptionTable } from '../core/parts/core-parts.js';
import {
  checkCoreOptions,
  type CoreOptions,
  type EmbeddedCoreOptions,
  isRemoteCore,
} from '../core/parts/core.options.js';
import { logLine } from '../core/log-line.js';
import { resolveEngineOptions } from '../core/engine-options.js';
import { withParts } from '../recipes/recipe-parts.js';
import type { DoctorCommand } from './cli-arguments.js';
import { loadAuthOptions, secretsOf } from './doctor/auth-options.js';
import { checkCoreService } from './doctor/core-service-check.js';
import { checkDatabase } from './doctor/database-check.js';
import { type Finding, problemOf } from './doctor/finding.js';
import { checkMail } from './doctor/mail-check.js';
import { checkOptions } from './doctor/options-check.js';
import type { Terminal } from './terminal.js';

/**
 * Says what is wrong with a configuration, and what to do. Changes nothing and sends nothing.
 * @returns whether nothing keeps it from working
 */
export async function doctor({ file, database }: DoctorCommand, terminal: Terminal): Promise<boolean> {
  const options = file === undefined ? undefined : await loadAuthOptions(file);
  const secrets = secretsOf(options ?? { core: database });
  const findings = options === undefined ? await examineDatabase(database!) : await examine(options);
  for (const { level, about, text } of findings) {
    terminal.stdout.write(`${level.padEnd(8)} ${about.padEnd(11)} ${logLine(text, secrets)}\n`);
  }
  const [errors = 0, warnings = 0] = (['error', 'warning'] as const).map(
    (level) => findings.filter((finding) => finding.level === level).length,
  );
  terminal.stdout.write(`${count(errors, 'error')}, ${count(warnings, 'warning')}\n`);
  return errors === 0;
}

async function examine(options: AuthModuleOptions): Promise<Finding[]> {
  const found = checkOptions(options);
  // The others read what these have refused.
  if (found.some(({ about, level }) => about === 'options' && level === 'error')) return found;
  return [...found, ...(await checkMail(options)), ...(await examineCore(options))];
}

async function examineCore({ core = { sqlite: 'auth.sqlite' }, recipeList }: AuthModuleOptions): Promise<Finding[]> {
  const parts = withParts(recipeList).flatMap(({ definition }) => definition.coreParts ?? []);
  let checked: CoreOptions;
  try {
    checked = checkCoreOptions(core, parts);
  } catch (error) {
    return [problemOf('options', error, 'Correct the option')];
  }
  if (isRemoteCore(checked)) return checkCoreService(checked);
  const { signingKeyLifetimeHours } = resolveEngineOptions(checked, engineOptionTable(parts));
  return checkDatabase({ database: checked, parts, signingKeyLifetimeHours });
}

function examineDatabase(database: EmbeddedDatabaseOptions): Promise<Finding[]> {
  const { signingKeyLifetimeHours } = resolveEngineOptions(database as EmbeddedCoreOptions, engineOptionTable([]));
  return checkDatabase({ database, parts: [], signingKeyLifetimeHours });
}

function count(number: number, name: string): string {
  return `${number} ${name}${number === 1 ? '' : 's'}`;
}
