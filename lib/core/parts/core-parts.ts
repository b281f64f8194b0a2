import { ConfigurationError } from '../auth.error.js';
import { auditPart } from './audit.part.js';
import type { CorePart } from './core-part.js';
import { dashboardPart } from './dashboard.part.js';
import { emailPasswordPart } from './email-password.part.js';
import { emailVerificationPart } from './email-verification.part.js';
import type { Port } from '../core.js';
import type { RecipeMigrations } from '../embedded/storage/migration-plan.js';
import { engineOptionSchema } from '../engine-option.schema.js';
import { type EngineOptionTable, ownOptions } from '../engine-options.js';
import { thirdPartyPart } from './third-party.part.js';
import { userRolesPart } from './user-roles.part.js';

/** What our own recipes add to a core; every core has them, whichever recipes an application lists. */
export const coreParts: readonly CorePart[] = [
  emailPasswordPart,
  emailVerificationPart,
  thirdPartyPart,
  userRolesPart,
  dashboardPart,
  auditPart,
];

/**
 * To be called before anything is made of them.
 * @param others parts of recipes from elsewhere
 * @throws {ConfigurationError} an id, a port, an option or a variable that another part has, or a default out of range
 */
export function checkCoreParts(others: readonly CorePart[]): void {
  const taken = new Set<unknown>(Object.entries(ownOptions).flatMap(([name, { environment }]) => [name, environment]));
  for (const part of [...coreParts, ...others]) {
    const { id, port, options = {} } = part;
    const names = [id, port, ...Object.keys(options), ...Object.values(options).map(({ environment }) => environment)];
    const twice = names.find((name) => taken.has(name));
    if (twice !== undefined) {
      const name = typeof twice === 'function' ? twice.name : String(twice);
      throw new ConfigurationError(`The core part ${id} has ${name}, and so has another part. Give it another name.`);
    }
    for (const name of names) taken.add(name);
    for (const [name, option] of Object.entries(options)) {
      // It also keeps options apart from settings such as `port`.
      if (!name.toLowerCase().endsWith(option.unit)) {
        throw new ConfigurationError(
          `The core part ${id} has the option ${name}, in ${option.unit}. Give it a name that ends with its unit.`,
        );
      }
      if (engineOptionSchema(option).safeParse(option.default).success) continue;
      throw new ConfigurationError(
        `The core part ${id}: the default of ${name} is ${option.default}. Give one from ${option.min} to ${option.max}.`,
      );
    }
  }
}

/** Every option of a core that is a number. @param others parts of recipes from elsewhere */
export function engineOptionTable(others: readonly CorePart[] = []): EngineOptionTable {
  return Object.assign({}, ownOptions, ...[...coreParts, ...others].map(({ options }) => options));
}

/** The tables of parts, as the storage takes them. */
export function migrationsOf(parts: readonly CorePart[]): RecipeMigrations[] {
  return parts.flatMap(({ id, migrations }) => (migrations === undefined ? [] : [{ recipeId: id, migrations }]));
}

/**
 * The ports of parts, with what implements each.
 * @throws {ConfigurationError} a part makes something else than it says
 */
export async function portsOf(
  parts: readonly CorePart[],
  make: (part: CorePart) => object | Promise<object>,
): Promise<[Port<unknown>, object][]> {
  return Promise.all(
    parts.map(async (part): Promise<[Port<unknown>, object]> => {
      const implementation = await make(part);
      if (implementation instanceof part.port) return [part.port, implementation];
      throw new ConfigurationError(
        `The core part ${part.id} made something that is not an instance of ${part.port.name}. ` +
          `Return an instance of a class that extends ${part.port.name}.`,
      );
    }),
  );
}
