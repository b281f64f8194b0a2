import type { Migrations } from 'latchkey/recipe-kit';

export interface BadgeTables {
  badges: {
    recipe_user_id: string;
    pin_hash: string;
    colour: string;
    expires_at_ms: number;
  };
}

/** The history of the recipe's tables. What was published once never changes. */
export const badgeMigrations: Migrations = {
  '0001-badges': {
    async up(db, dialect) {
      await dialect
        .createTable(db, 'badges')
        .addColumn('recipe_user_id', dialect.text, (column) => column.primaryKey().notNull())
        .addColumn('pin_hash', dialect.text, (column) => column.notNull())
        .addColumn('colour', dialect.text, (column) => column.notNull())
        .addColumn('expires_at_ms', dialect.bigint, (column) => column.notNull())
        .execute();
    },
  },
};
