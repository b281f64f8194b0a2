import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClaimedEmail, EmailOutboxCore, OutboxLine } from '../core/email-outbox.core.js';
import { parseOutboxKind } from './outbox-kind.js';
import { reasonOf } from './reason.js';
import { UndeliverableMessageError } from './undeliverable-message.error.js';

/** When what is tried. */
export interface EmailWorkerTimes {
  /** Emails under way at once in this process. */
  concurrency: number;
  /** How long a claimed email is left alone by others where its process says nothing. */
  leaseMs: number;
  /** After how long an attempt counts as failed. */
  attemptLimitMs: number;
  /** How often emails are looked for that other processes have left, or that wait for another attempt. */
  pollMs: number;
  firstRetryMs: number;
  maxRetryMs: number;
  maxAttempts: number;
  /** How long an answer waits for its email in a serverless environment. */
  waitLimitMs: number;
  /** How long a stop waits for emails under way. */
  stopLimitMs: number;
}

export const DEFAULT_TIMES: EmailWorkerTimes = {
  concurrency: 10,
  leaseMs: 20_000,
  attemptLimitMs: 120_000,
  pollMs: 5000,
  firstRetryMs: 1000,
  maxRetryMs: 600_000,
  maxAttempts: 30,
  waitLimitMs: 15_000,
  stopLimitMs: 5000,
};

const SETTLE_ATTEMPTS = 4;
const SETTLE_DELAY_MS = 500;

/** Sends an email; `context` is what it was woken with. */
type SendEmail<Context> = (email: ClaimedEmail, context: Context | undefined) => Promise<void>;

interface EmailWorkerHooks {
  /** Never throws. */
  onGivenUp(email: ClaimedEmail, error: unknown): Promise<void>;
  /** What of an error may go to the log. */
  reasonOf(email: ClaimedEmail, error: unknown): string;
}

/** Takes emails out of one line of the outbox and sends them; what fails, again and later. */
export class EmailWorker<Context> {
  private readonly logger = new Logger('Latchkey');
  /** Put into the outbox by this process just now: it tries them first, with what it knows of them. */
  private readonly fresh: { emailId: string; context: Context }[] = [];
  private readonly underWay = new Map<ClaimedEmail, Promise<void>>();
  private draining: Promise<void> | undefined;
  private isPollDue = false;
  private isStopped = false;
  private poll: { atMs: number; timer: NodeJS.Timeout } | undefined;
  private renewal: NodeJS.Timeout | undefined;

  constructor(
    private readonly outbox: EmailOutboxCore,
    private readonly line: OutboxLine,
    private readonly send: SendEmail<Context>,
    private readonly hooks: EmailWorkerHooks,
    private readonly times: EmailWorkerTimes,
  ) {}

  /** Looks for what other processes have left, now and from then on. */
  start(): void {
    this.isPollDue = true;
    this.drainSoon();
  }

  /** There is an email, and its transaction is committed. */
  wake(emailId: string, context: Context): void {
    this.fresh.push({ emailId, context });
    this.drainSoon();
  }

  /** One attempt at an email that is committed, for those who wait for it up to a limit. Never throws. */
  async sendNow(emailId: string, context: Context): Promise<void> {
    try {
      const { leaseMs } = this.times;
      const [claimed] = await this.outbox.claimDue({ limit: 1, leaseMs, line: this.line, emailIds: [emailId] });
      if (claimed !== undefined) await within(this.begin(claimed, context), this.times.waitLimitMs);
    } catch (error) {
      this.warn(error);
    }
    this.pollIn(this.times.pollMs);
  }

  /** Resolves once nothing is under way that this process has begun or was woken for. */
  async idle(): Promise<void> {
    while (this.draining !== undefined || this.underWay.size > 0) {
      await this.draining;
      await Promise.all(this.underWay.values());
    }
  }

  /** Claims nothing any more, and waits for what is under way, up to a limit. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.poll?.timer);
    await within(this.idle(), this.times.stopLimitMs, { ref: true });
    clearInterval(this.renewal);
  }

  private drainSoon(): void {
    if (this.isStopped) return;
    this.draining ??= this.drain().finally(() => {
      this.draining = undefined;
      if (this.fresh.length > 0 || this.isPollDue) this.drainSoon();
      else this.pollIn(this.times.pollMs);
    });
  }

  private async drain(): Promise<void> {
    const { concurrency, leaseMs } = this.times;
    try {
      while (!this.isStopped) {
        const limit = concurrency - this.underWay.size;
        if (limit <= 0) {
          await Promise.race(this.underWay.values());
          continue;
        }
        const newEmails = this.fresh.splice(0, limit);
        if (newEmails.length === 0 && !this.isPollDue) return;
        const emailIds = newEmails.length > 0 ? newEmails.map(({ emailId }) => emailId) : undefined;
        const claimed = await this.outbox.claimDue({ limit, leaseMs, line: this.line, emailIds });
        for (const email of claimed) {
          void this.begin(email, newEmails.find(({ emailId }) => emailId === email.emailId)?.context);
        }
        if (newEmails.length === 0 && claimed.length === 0) this.isPollDue = false;
      }
    } catch (error) {
      // The next look finds what this one has not.
      this.isPollDue = false;
      this.warn(error);
    }
  }

  private begin(email: ClaimedEmail, context: Context | undefined): Promise<void> {
    const attempt = this.attempt(email, context).finally(() => {
      this.underWay.delete(email);
      if (this.underWay.size > 0) return;
      clearInterval(this.renewal);
      this.renewal = undefined;
    });
    this.underWay.set(email, attempt);
    this.renewal ??= setInterval(() => void this.renewLeases(), this.times.leaseMs / 4).unref();
    return attempt;
  }

  /** Never throws. */
  private async attempt(email: ClaimedEmail, context: Context | undefined): Promise<void> {
    try {
      if (email.expiresAtMs <= Date.now()) throw new UndeliverableMessageError('its link has expired');
      if (!(await within(this.send(email, context), this.times.attemptLimitMs))) {
        throw new Error(`it took longer than ${this.times.attemptLimitMs} ms`);
      }
    } catch (error) {
      return this.settle(() => this.fail(email, error));
    }
    return this.settle(async () => void (await this.outbox.remove(email)));
  }

  private async fail(email: ClaimedEmail, error: unknown): Promise<void> {
    const retryMs = this.retryDelayMs(email.attempt);
    const isLast = email.attempt >= this.times.maxAttempts || Date.now() + retryMs >= email.expiresAtMs;
    if (isLast || error instanceof UndeliverableMessageError) {
      if (await this.outbox.giveUp(email)) await this.hooks.onGivenUp(email, error);
      return;
    }
    if (!(await this.outbox.retryLater(email, retryMs))) return;
    this.logger.warn(
      `${describeClaimed(email)} was not sent at attempt ${email.attempt}, and is tried again in ` +
        `${Math.ceil(retryMs / 1000)} s: ${this.hooks.reasonOf(email, error)}`,
    );
    this.pollIn(retryMs);
  }

  /** Exponential, and random so that emails which failed together do not come back together. */
  private retryDelayMs(attempt: number): number {
    const { firstRetryMs, maxRetryMs } = this.times;
    return Math.round(Math.min(maxRetryMs, firstRetryMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2));
  }

  /** Notes the end of an attempt. The database may be away for a moment, and what is not noted is sent again. */
  private async settle(note: () => Promise<void>): Promise<void> {
    for (let number = 1; ; number++) {
      try {
        return await note();
      } catch (error) {
        if (number === SETTLE_ATTEMPTS || this.isStopped) return this.warn(error);
      }
      await delay(SETTLE_DELAY_MS * number, undefined, { ref: false });
    }
  }

  private async renewLeases(): Promise<void> {
    try {
      await this.outbox.renewLeases([...this.underWay.keys()], this.times.leaseMs);
    } catch (error) {
      this.warn(error);
    }
  }

  /** Keeps no process alive. */
  private pollIn(delayMs: number): void {
    const atMs = Date.now() + delayMs;
    if (this.isStopped || (this.poll !== undefined && this.poll.atMs <= atMs)) return;
    clearTimeout(this.poll?.timer);
    const timer = setTimeout(() => {
      this.poll = undefined;
      this.start();
    }, delayMs).unref();
    this.poll = { atMs, timer };
  }

  private warn(error: unknown): void {
    this.logger.warn(`The outbox of emails cannot be reached, and is tried again: ${reasonOf(error)}`);
  }
}

/** @returns whether it resolved in time */
async function within(work: Promise<unknown>, limitMs: number, { ref = false } = {}): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(limitMs, false, { signal: timer.signal, ref }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    timer.abort();
  }
}

/** In the log, such as `Email 8a3c… (passwordReset)`. */
export function describeClaimed({ emailId, kind }: ClaimedEmail): string {
  const message = parseOutboxKind(kind);
  return `${message.channel === 'email' ? 'Email' : 'SMS'} ${emailId} (${message.kind})`;
}
