import { ConfigurationError } from '../auth.error.js';
import { checkOptions } from '../check-options.js';
import { auditPart } from './audit.part.js';
import type { CorePart } from './core-part.js';
import { corePartSchema } from './core-part.schema.js';
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
  // Ours are checked by a test.
  if (others.length === 0) return;
  const schema = corePartSchema();
  for (const part of others) checkOptions<unknown>(`The core part ${String(Object(part).id)}`, schema, part);
  assertDistinct([...coreParts, ...others]);
  for (const part of others) assertOptions(part);
}

/** @throws {ConfigurationError} a name that belongs to one part only is in two, or in a part and in our own options */
export function assertDistinct(parts: readonly CorePart[]): void {
  const owners = new Map<unknown, string>(namesOf(ownOptions).map((name) => [name, 'Latchkey itself']));
  for (const [at, part] of parts.entries()) {
    const { id, port, options = {} } = part;
    if (parts.indexOf(part) !== at) {
      throw new ConfigurationError(
        `The core part ${id} is in coreParts of two recipes. Leave it in one, and name ${port.name} in ports of the other.`,
      );
    }
    if (parts.findIndex((other) => other.id === id) !== at) {
      throw new ConfigurationError(`Two core parts have the id ${id}. Give one of them another id.`);
    }
    for (const name of [port, ...namesOf(options)]) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        const shown = typeof name === 'string' ? name : `the port ${name.name}`;
        throw new ConfigurationError(`The core part ${id} has ${shown}, and so has ${owner}. Give it another one.`);
      }
      owners.set(name, `the core part ${id}`);
    }
  }
}

/** What options are known by: in code, in the environment, and to drivers. */
function namesOf(options: EngineOptionTable): string[] {
  return Object.entries(options).flatMap(([name, { environment, coreConfig }]) => [
    name,
    environment,
    ...(coreConfig === undefined ? [] : [coreConfig.key]),
  ]);
}

/** @throws {ConfigurationError} */
export function assertOptions({ id, options = {} }: CorePart): void {
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

/**
 * @param taken names and variables of settings that are no options of parts
 * @throws {ConfigurationError} a part has an option of such a name
 */
export function assertFree(parts: readonly CorePart[], taken: ReadonlySet<string>): void {
  for (const { id, options = {} } of parts) {
    const name = namesOf(options).find((each) => taken.has(each));
    if (name === undefined) continue;
    throw new ConfigurationError(`The core part ${id} has ${name}, and so has Latchkey itself. Give it another one.`);
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
