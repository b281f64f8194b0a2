import { randomUUID } from 'node:crypto';
import { type ClaimedEmail, type EmailClaim, EmailOutboxCore, type NewOutboxEmail } from '../core/email-outbox.core.js';

interface Waiting extends NewOutboxEmail {
  attempts: number;
  dueAtMs: number;
}

/** Where the core keeps no emails: they wait in this process, and are lost when it dies. */
export class InProcessEmailOutbox extends EmailOutboxCore {
  private readonly waiting = new Map<string, Waiting>();

  /** @param clock milliseconds since the Unix epoch */
  constructor(private readonly clock: () => number = Date.now) {
    super();
  }

  get size(): number {
    return this.waiting.size;
  }

  async enqueue(email: NewOutboxEmail): Promise<{ emailId: string }> {
    const emailId = randomUUID();
    this.waiting.set(emailId, { ...structuredClone(email), attempts: 0, dueAtMs: this.clock() });
    return { emailId };
  }

  async claimDue(input: { limit: number; leaseMs: number; emailIds?: string[] }): Promise<ClaimedEmail[]> {
    const nowMs = this.clock();
    return [...this.waiting]
      .filter(([id, { dueAtMs }]) => dueAtMs <= nowMs && (input.emailIds?.includes(id) ?? true))
      .sort(([, one], [, other]) => one.dueAtMs - other.dueAtMs)
      .slice(0, input.limit)
      .map(([emailId, email]) => {
        email.attempts++;
        email.dueAtMs = nowMs + input.leaseMs;
        const { kind, content, recipeUserId, expiresAtMs } = email;
        return { emailId, attempt: email.attempts, kind, content, recipeUserId, expiresAtMs };
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
