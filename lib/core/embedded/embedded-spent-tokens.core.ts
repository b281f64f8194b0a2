import { createHash } from 'node:crypto';
import { PUBLIC_TENANT_ID } from '../core.js';
import { SpentTokensCore } from '../spent-tokens.core.js';
import { OneTimeTokensStorage } from './storage/one-time-tokens.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

/** Beside the tokens that the core makes itself: they expire, and are removed, in the same way. */
export class EmbeddedSpentTokensCore extends SpentTokensCore {
  private readonly storage: OneTimeTokensStorage;

  constructor(database: SqlAuthDatabase) {
    super();
    this.storage = new OneTimeTokensStorage(database);
  }

  async spend({ token, expiresAtMs }: { token: string; expiresAtMs: number }): Promise<boolean> {
    return this.storage.insertSpent(createHash('sha256').update(token).digest('hex'), PUBLIC_TENANT_ID, expiresAtMs);
  }
}
