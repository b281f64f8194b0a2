import { randomUUID } from 'node:crypto';
import {
  AuditCore,
  type AuditEntry,
  type AuditListInput,
  type AuditPage,
  checkedAuditLimit,
  type NewAuditEntry,
} from '../audit.core.js';
import type { JsonObject } from '../json.types.js';
import { invalidPaginationToken, paginationTokenOf, positionOf } from '../pagination-token.js';
import type { NeedsHousekeeping } from './engine-part.js';
import { deleteInBatches } from './housekeeper.js';
import { type AuditPosition, type AuditRow, AuditStorage } from './storage/audit.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

interface EmbeddedAuditDependencies {
  database: SqlAuthDatabase;
  lifetimeMs: number;
  clock: () => number;
}

const POSITION = /^(\d{1,16})\.([0-9a-f-]{36})$/;

export class EmbeddedAuditCore extends AuditCore implements NeedsHousekeeping {
  private readonly storage: AuditStorage;

  constructor(private readonly engine: EmbeddedAuditDependencies) {
    super();
    this.storage = new AuditStorage(engine.database);
  }

  async record({ action, actor, tenantId, userId, address, detail }: NewAuditEntry): Promise<boolean> {
    await this.storage.insert({
      entry_id: randomUUID(),
      at_ms: this.engine.clock(),
      action,
      actor: JSON.stringify(actor),
      tenant_id: tenantId,
      user_id: userId ?? null,
      address: address ?? null,
      detail: JSON.stringify(detail),
    });
    return true;
  }

  async list(input: AuditListInput): Promise<AuditPage> {
    const limit = checkedAuditLimit(input.limit);
    const after = input.paginationToken === undefined ? undefined : decodePosition(input.paginationToken);
    // One more than asked for tells whether there is a next page.
    const rows = await this.storage.page(input.userId, after, limit + 1);
    const shown = rows.slice(0, limit);
    const page: AuditPage = { entries: shown.map(entryOf) };
    if (rows.length > limit) page.nextPaginationToken = encodePosition(shown.at(-1)!);
    return page;
  }

  async housekeep(): Promise<void> {
    const beforeMs = this.engine.clock() - this.engine.lifetimeMs;
    await deleteInBatches((limit) => this.storage.deleteBefore(beforeMs, limit));
  }
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    entryId: row.entry_id,
    time: row.at_ms,
    action: row.action,
    actor: JSON.parse(row.actor) as JsonObject,
    tenantId: row.tenant_id,
    ...(row.user_id === null ? {} : { userId: row.user_id }),
    ...(row.address === null ? {} : { address: row.address }),
    detail: JSON.parse(row.detail) as JsonObject,
  };
}

function encodePosition({ at_ms, entry_id }: AuditPosition): string {
  return paginationTokenOf(`${at_ms}.${entry_id}`);
}

/** @throws {BadInputError} not one of our tokens */
function decodePosition(token: string): AuditPosition {
  const [, time, entryId] = POSITION.exec(positionOf(token)) ?? [];
  if (time === undefined || entryId === undefined) throw invalidPaginationToken();
  return { at_ms: Number(time), entry_id: entryId };
}
