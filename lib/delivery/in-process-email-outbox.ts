import { randomUUID } from 'node:crypto';
import {
  type ClaimDueInput,
  type ClaimedEmail,
  type EmailClaim,
  EmailOutboxCore,
  type NewOutboxEmail,
  type OutboxLine,
} from '../core/email-outbox.core.js';

/** They are in memory, and a mail server that is down gives up all. */
const MAX_GIVEN_UP = 1000;

interface Waiting extends NewOutboxEmail {
  line: OutboxLine;
  attempts: number;
  dueAtMs: number;
}

/** Where the core keeps no emails: they wait in this process, and are lost when it dies. */
export class InProcessEmailOutbox extends EmailOutboxCore {
  private readonly waiting = new Map<string, Waiting>();
  private readonly givenUp: Waiting[] = [];

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

  async giveUp(claim: EmailClaim): Promise<boolean> {
    const found = this.find(claim);
    if (found === undefined) return false;
    this.waiting.delete(claim.emailId);
    if (found.expiresAtMs > this.clock()) this.givenUp.push(found);
    if (this.givenUp.length > MAX_GIVEN_UP) this.givenUp.shift();
    return true;
  }

  async retryGivenUp(): Promise<number> {
    const nowMs = this.clock();
    const emails = this.givenUp.splice(0).filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    for (const email of emails) this.waiting.set(randomUUID(), { ...email, attempts: 0, dueAtMs: nowMs });
    return emails.length;
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
