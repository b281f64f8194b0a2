import { randomUUID } from 'node:crypto';
import {
  type ClaimDueInput,
  type ClaimedEmail,
  type EmailClaim,
  EmailOutboxCore,
  type NewOutboxEmail,
  type OutboxLine,
} from '../email-outbox.core.js';
import type { JsonObject } from '../json.types.js';
import type { DeletedUser, NeedsHousekeeping, OwnsTenantData, OwnsUserData } from './engine-part.js';
import { deleteInBatches } from './housekeeper.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { type EmailOutboxRow, EmailOutboxStorage } from './storage/email-outbox.storage.js';

/** How long expired emails wait for somebody who reports that they were not sent. */
const REPORTED_WITHIN_MS = 24 * 3_600_000;

/** A row leaves with its email: what waits here is little, and holds links that work. */
export class EmbeddedEmailOutboxCore
  extends EmailOutboxCore
  implements OwnsUserData, OwnsTenantData, NeedsHousekeeping
{
  private readonly storage: EmailOutboxStorage;

  constructor(
    database: SqlAuthDatabase,
    private readonly clock: () => number,
  ) {
    super();
    this.storage = new EmailOutboxStorage(database);
  }

  async enqueue(email: NewOutboxEmail): Promise<{ emailId: string }> {
    const { kind, content, recipeUserId, tenantId = null, expiresAtMs, line = 'messages' } = email;
    const emailId = randomUUID();
    const nowMs = this.clock();
    await this.storage.insert({
      email_id: emailId,
      kind,
      content: JSON.stringify(content),
      recipe_user_id: recipeUserId,
      attempts: 0,
      created_at_ms: nowMs,
      due_at_ms: nowMs,
      expires_at_ms: expiresAtMs,
      line,
      tenant_id: tenantId,
    });
    return { emailId };
  }

  async claimDue({ limit, leaseMs, line = 'messages', emailIds }: ClaimDueInput): Promise<ClaimedEmail[]> {
    if (emailIds?.length === 0) return [];
    const nowMs = this.clock();
    const rows = await this.storage.claimDue({ nowMs, leaseEndMs: nowMs + leaseMs, limit, line, emailIds });
    return rows.map(toClaimedEmail);
  }

  async renewLeases(claims: EmailClaim[], leaseMs: number): Promise<string[]> {
    const dueAtMs = this.clock() + leaseMs;
    const renewed = await Promise.all(claims.map((claim) => this.storage.setDue(claim, dueAtMs)));
    return claims.filter((_, at) => renewed[at]).map(({ emailId }) => emailId);
  }

  async remove(claim: EmailClaim): Promise<boolean> {
    return this.storage.delete(claim);
  }

  async retryLater(claim: EmailClaim, delayMs: number): Promise<boolean> {
    return this.storage.setDue(claim, this.clock() + delayMs);
  }

  async giveUp(claim: EmailClaim): Promise<boolean> {
    return (await this.storage.giveUp(claim, this.clock())) || this.storage.delete(claim);
  }

  async retryGivenUp(): Promise<number> {
    return this.storage.retryGivenUp(this.clock());
  }

  async deleteUserData({ recipeUserIds }: DeletedUser): Promise<void> {
    await this.storage.deleteUserData(recipeUserIds);
  }

  /** Their links do not work any more. */
  async deleteTenantData({ tenantId, recipeUserId }: { tenantId: string; recipeUserId?: string }): Promise<void> {
    await this.storage.deleteTenantData(tenantId, recipeUserId);
  }

  async housekeep(): Promise<void> {
    await deleteInBatches((limit) => this.storage.deleteExpired(this.clock() - REPORTED_WITHIN_MS, limit));
  }
}

function toClaimedEmail(row: EmailOutboxRow): ClaimedEmail {
  return {
    emailId: row.email_id,
    attempt: row.attempts,
    kind: row.kind,
    content: JSON.parse(row.content) as JsonObject,
    recipeUserId: row.recipe_user_id,
    ...(row.tenant_id === null ? {} : { tenantId: row.tenant_id }),
    expiresAtMs: row.expires_at_ms,
    line: row.line as OutboxLine,
  };
}
