import { sql } from 'kysely';
import type { MigrationDatabase } from '../migration.js';

const table = 'latchkey_login_methods';

/** For finding users by what follows the `@` of their email, and by their provider; the others had an index. */
export async function up(db: MigrationDatabase): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_email_domain`)
    .on(table)
    .expression(sql`substr(email, length(rtrim(email, replace(email, '@', ''))) + 1)`)
    .execute();
  await db.schema
    .createIndex(`${table}_by_provider`)
    .on(table)
    .column('third_party_id')
    .where('third_party_id', 'is not', null)
    .execute();
}
