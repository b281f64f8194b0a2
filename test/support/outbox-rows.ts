import { EmailOutboxCore, GIVEN_UP } from '../../lib/core/email-outbox.core.js';
import { Core } from '../../lib/core/core.js';
import { SqlAuthDatabase } from '../../lib/core/embedded/storage/sql-auth-database.js';
import type { EmailOutboxTable } from '../../lib/core/embedded/storage/tables.js';
import type { AuthApp } from './auth-app.js';

/** The emails of an application that are still to be sent, those of nobody included; without those that were given up. */
export async function outboxRows({ app }: Pick<AuthApp, 'app'>): Promise<EmailOutboxTable[]> {
  const core = app.get(Core, { strict: false });
  if (!core.offers(EmailOutboxCore)) throw new Error('This core keeps no emails');
  const db = await core.port(SqlAuthDatabase).tables();
  return db.selectFrom('latchkey_email_outbox').selectAll().where('line', '!=', GIVEN_UP).execute();
}

/** Makes every email of the application due now, as if leases and delays had ended. */
export async function makeEmailsDue({ app }: Pick<AuthApp, 'app'>): Promise<void> {
  const db = await app.get(Core, { strict: false }).port(SqlAuthDatabase).tables();
  await db.updateTable('latchkey_email_outbox').set({ due_at_ms: 0 }).execute();
}
