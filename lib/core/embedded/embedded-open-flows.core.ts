import { createHash } from 'node:crypto';
import { PUBLIC_TENANT_ID } from '../core.js';
import { OpenFlowsCore } from '../open-flows.core.js';
import { OneTimeTokensStorage } from './storage/one-time-tokens.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

/** Beside the tokens that the core makes itself, as they end, and are removed, in the same way. */
export class EmbeddedOpenFlowsCore extends OpenFlowsCore {
  private readonly storage: OneTimeTokensStorage;

  constructor(
    database: SqlAuthDatabase,
    private readonly clock: () => number,
  ) {
    super();
    this.storage = new OneTimeTokensStorage(database);
  }

  async open({ flow, untilMs }: { flow: string; untilMs: number }): Promise<void> {
    await this.storage.openFlow(digest(flow), PUBLIC_TENANT_ID, untilMs);
  }

  async isOpen(flow: string): Promise<boolean> {
    return this.storage.isFlowOpen(digest(flow), this.clock());
  }
}

function digest(flow: string): string {
  return createHash('sha256').update(flow).digest('hex');
}
