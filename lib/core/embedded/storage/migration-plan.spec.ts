import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../../auth.error.js';
import { MigrationPlan, type RecipeMigrations } from './migration-plan.js';

const nothing = { up: async () => undefined };
const recipe = (recipeId: string, ...names: string[]): RecipeMigrations => ({
  recipeId,
  migrations: Object.fromEntries(names.map((name) => [name, nothing])),
});

describe('MigrationPlan', () => {
  it('does not depend on the order in which recipes and migrations are listed', () => {
    const plan = new MigrationPlan([recipe('b', '0002-x', '0001-y'), recipe('a', '0003-z')], { '0001-c': nothing });
    expect(plan.names).toEqual(['0001-c', 'a/0003-z', 'b/0001-y', 'b/0002-x']);
  });

  it.each([
    [[recipe('My Recipe', '0001-initial')], /^Recipe "My Recipe" has migrations.* Give it an id of lower-case letters/],
    [[recipe('a/b', '0001-initial')], /^Recipe "a\/b"/],
    [[recipe('toy', '0001-initial'), recipe('toy', '0001-initial')], /^Two recipes with migrations have the id toy\./],
    [[recipe('toy', 'initial')], /^Recipe toy has a migration "initial"\. Give it a name such as 0001-initial$/],
  ])('refuses what cannot be recorded (%#)', (recipes, message) => {
    expect(() => new MigrationPlan(recipes)).toThrow(ConfigurationError);
    expect(() => new MigrationPlan(recipes)).toThrow(message);
  });
});
