import { randomUUID } from 'node:crypto';
import {
  type ClaimDueInput,
  type ClaimedEmail,
  type EmailClaim,
  EmailOutboxCore,
  type NewOutboxEmail,
  type OutboxLine,
} from '../core/email-outbox.core.js';

interface Waiting extends NewOutboxEmail {
  line: OutboxLine;
  attempts: number;
  dueAtMs: number;
}

/** Where the core keeps no emails: they wait in this process, and are lost when it dies. */
export class InProcessEmailOutbox extends EmailOutboxCore {
  private readonly waiting = new Map<string, Waiting>();

  /** @param clock milliseconds since the Unix epoch */
  constructor(private readonly clock: () => number = () => Date.now()) {
    super();
  }

  /** How many somebody waits for. */
  get size(): number {
    return [...this.waiting.values()].filter(({ line }) => line === 'messages').length;
  }

  async enqueue(email: NewOutboxEmail): Promise<{ emailId: string }> {
    const emailId = randomUUID();
    this.waiting.set(emailId, { line: 'messages', ...structuredClone(email), attempts: 0, dueAtMs: this.clock() });
    return { emailId };
  }

  async claimDue({ limit, leaseMs, line = 'messages', emailIds }: ClaimDueInput): Promise<ClaimedEmail[]> {
    const nowMs = this.clock();
    return [...this.waiting]
      .filter(([id, email]) => email.line === line && email.dueAtMs <= nowMs && (emailIds?.includes(id) ?? true))
      .sort(([, one], [, other]) => one.dueAtMs - other.dueAtMs)
      .slice(0, limit)
      .map(([emailId, email]) => {
        email.attempts++;
        email.dueAtMs = nowMs + leaseMs;
        const { kind, content, recipeUserId, tenantId, expiresAtMs } = email;
        const claim = { emailId, attempt: email.attempts };
        return { ...claim, kind, content, recipeUserId, ...(tenantId && { tenantId }), expiresAtMs, line };
      });
  }

  async renewLeases(claims: EmailClaim[], leaseMs: number): Promise<string[]> {
    return claims.filter((claim) => this.setDue(claim, leaseMs)).map(({ emailId }) => emailId);
  }

  async remove(claim: EmailClaim): Promise<boolean> {
    return this.find(claim) !== undefined && this.waiting.delete(claim.emailId);
  }

  async retryLater(claim: EmailClaim, delayMs: number): Promise<boolean> {
    return this.setDue(claim, delayMs);
  }

  private setDue(claim: EmailClaim, delayMs: number): boolean {
    const found = this.find(claim);
    if (found !== undefined) found.dueAtMs = this.clock() + delayMs;
    return found !== undefined;
  }

  private find({ emailId, attempt }: EmailClaim): Waiting | undefined {
    const found = this.waiting.get(emailId);
    return found?.attempts === attempt ? found : undefined;
  }
}
