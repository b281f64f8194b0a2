import { ConfigurationError } from '../../auth.error.js';
import type { Migration, Migrations } from './migration.js';
import { coreMigrations } from './migrations/index.js';

/** The migrations of a recipe that an application brings; its tables are beside those of the core. */
export interface RecipeMigrations {
  /** Lower-case letters, digits and hyphens. Part of the recorded names, so it must never change. */
  recipeId: string;
  /** By names such as `0001-initial`, in the order of which they run. */
  migrations: Migrations;
}

const RECIPE_ID = /^[a-z][a-z0-9-]*$/;
const MIGRATION_NAME = /^\d{4}-[a-z0-9-]+$/;

/**
 * Every migration of one process, by the name it is recorded under, in the order they run in: the core's own, then those
 * of recipes as `<recipe id>/<name>`, by recipe id. That order does not depend on where an application lists its
 * recipes, and a recipe's tables may refer to the core's only.
 */
export class MigrationPlan {
  readonly names: readonly string[];
  private readonly migrations: ReadonlyMap<string, Migration>;
  private readonly recipeIds: ReadonlySet<string>;

  /** @throws {ConfigurationError} names that cannot be recorded, or two recipes of one id */
  constructor(recipes: readonly RecipeMigrations[] = [], core: Migrations = coreMigrations) {
    const sorted = recipes.toSorted((a, b) => compare(a.recipeId, b.recipeId));
    assertNamed(sorted);
    this.recipeIds = new Set(sorted.map(({ recipeId }) => recipeId));
    this.migrations = new Map([
      ...inOrder(core),
      ...sorted.flatMap(({ recipeId, migrations }) => inOrder(migrations, `${recipeId}/`)),
    ]);
    this.names = [...this.migrations.keys()];
  }

  /** @returns the migration that is recorded under the name */
  get(name: string): Migration {
    const migration = this.migrations.get(name);
    if (migration === undefined) throw new Error(`There is no migration ${name}`);
    return migration;
  }

  has(name: string): boolean {
    return this.migrations.has(name);
  }

  /** Whether a recorded name belongs to a recipe that is not part of this plan: it was removed, or is another process's. */
  isOfAbsentRecipe(name: string): boolean {
    const [recipeId, ...rest] = name.split('/');
    return rest.length > 0 && !this.recipeIds.has(recipeId!);
  }
}

function inOrder(migrations: Migrations, prefix = ''): [string, Migration][] {
  return Object.entries(migrations)
    .toSorted(([a], [b]) => compare(a, b))
    .map(([name, migration]) => [`${prefix}${name}`, migration]);
}

/** As the databases compare text, whatever the language of the process. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function assertNamed(recipes: readonly RecipeMigrations[]): void {
  recipes.forEach(({ recipeId, migrations }, position) => {
    if (!RECIPE_ID.test(recipeId)) {
      throw new ConfigurationError(
        `Recipe ${JSON.stringify(recipeId)} has migrations, which are recorded under its id. ` +
          'Give it an id of lower-case letters, digits and hyphens',
      );
    }
    if (recipes[position + 1]?.recipeId === recipeId) {
      throw new ConfigurationError(`Two recipes with migrations have the id ${recipeId}. Rename or remove one of them`);
    }
    const name = Object.keys(migrations).find((key) => !MIGRATION_NAME.test(key));
    if (name === undefined) return;
    throw new ConfigurationError(
      `Recipe ${recipeId} has a migration ${JSON.stringify(name)}. Give it a name such as 0001-initial`,
    );
  });
}
