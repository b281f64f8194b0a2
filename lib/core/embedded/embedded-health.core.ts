import { GIVEN_UP } from '../email-outbox.core.js';
import { type CoreHealth, HealthCore } from '../health.core.js';
import type { EmbeddedSigningKeysCore } from './embedded-signing-keys.core.js';
import { EmailOutboxStorage } from './storage/email-outbox.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

export class EmbeddedHealthCore extends HealthCore {
  private readonly outbox: EmailOutboxStorage;

  constructor(
    database: SqlAuthDatabase,
    private readonly keys: EmbeddedSigningKeysCore,
  ) {
    super();
    this.outbox = new EmailOutboxStorage(database);
  }

  async health(): Promise<CoreHealth> {
    const outbox = await this.outbox.waiting('messages');
    const { waiting: givenUp } = await this.outbox.waiting(GIVEN_UP);
    return { outbox: { ...outbox, givenUp }, signingKey: await this.keys.dynamicKeyTimes() };
  }
}
