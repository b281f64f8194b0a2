import { sql } from 'kysely';
import { ConfigurationError } from '../../../auth.error.js';
import type { PostgresDatabaseOptions } from '../database.options.js';
import { DEFAULT_SCHEMA, openPostgres } from './connection.js';

/** @see removeAppStorage */
export async function removePostgresSchema(options: PostgresDatabaseOptions): Promise<boolean> {
  const { schema = DEFAULT_SCHEMA } = options;
  const { kysely, unlimited, dialect } = await openPostgres(options);
  try {
    const { rows } = await sql`select 1 from pg_catalog.pg_namespace where nspname = ${schema}`.execute(kysely);
    if (rows.length === 0) return false;
    // Every database has a schema `public`, which is everybody's.
    if (schema === 'public' || !(await dialect.hasOwnTable(kysely, 'latchkey_migration'))) {
      throw new ConfigurationError(`The schema ${schema} is not that of an app. Remove its tables by hand`);
    }
    await sql`drop schema ${sql.id(schema)} cascade`.execute(kysely);
    return true;
  } finally {
    await unlimited.destroy();
    await kysely.destroy();
  }
}
