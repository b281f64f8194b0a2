import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../core/email-address.js';
import { EmailDelivery } from '../delivery/email-delivery.js';
import type { EmailKind, EmailMessage } from '../delivery/message-kinds.js';
import type { QueueWatcher } from '../delivery/queue-watcher.js';
import type { PasswordResetEmail } from '../recipes/email-password/index.js';
import type { EmailVerificationEmail } from '../recipes/email-verification/index.js';

/** Which emails a test asks for. */
export interface EmailFilter<Kind extends EmailKind = EmailKind> {
  /** The address, in whatever case. */
  to: string;
  /** Such as `passwordReset`. @default any */
  kind?: Kind;
}

const TIMEOUT_MS = 5000;

/**
 * The mailbox of a test: keeps emails instead of sending them. As `emailDelivery: { useClass: RecordedEmailDelivery }`, or by
 * `overrideProvider(EmailDelivery).useValue(new RecordedEmailDelivery())` of Nest's `TestingModule`.
 */
@Injectable()
export class RecordedEmailDelivery extends EmailDelivery implements QueueWatcher {
  /** Emails of every kind, in the order of sending. */
  readonly sent: EmailMessage[] = [];
  readonly passwordResets: PasswordResetEmail[] = [];
  readonly emailVerifications: EmailVerificationEmail[] = [];
  private readonly received = new Set<EmailMessage>();
  private readonly queues = new Set<{ idle(): Promise<void> }>();
  private waiting: (() => void)[] = [];

  override async send(email: EmailMessage): Promise<void> {
    this.sent.push(email);
    const { kind, ...content } = email;
    if (kind === 'passwordReset') this.passwordResets.push(content as PasswordResetEmail);
    if (kind === 'emailVerification') this.emailVerifications.push(content as EmailVerificationEmail);
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** Records the email. */
  override async sendPasswordReset(email: PasswordResetEmail): Promise<void> {
    await this.send({ kind: 'passwordReset', ...email });
  }

  /** Records the email. */
  override async sendEmailVerification(email: EmailVerificationEmail): Promise<void> {
    await this.send({ kind: 'emailVerification', ...email });
  }

  /** Called by each application that sends with it. */
  watchQueue(queue: { idle(): Promise<void> }): void {
    this.queues.add(queue);
  }

  /**
   * The oldest email that no call of `receive` has returned yet. Emails are sent after the answer, so this waits for it.
   *
   * ```ts
   * const { passwordResetLink } = await mailbox.receive({ to: 'ann@example.com', kind: 'passwordReset' });
   * ```
   *
   * @param timeoutMs how long to wait, in milliseconds
   * @throws {Error} none came in time; the message says what was sent
   */
  async receive<Kind extends EmailKind = EmailKind>(
    filter: EmailFilter<Kind>,
    timeoutMs = TIMEOUT_MS,
  ): Promise<EmailMessage<Kind>> {
    const isAwaited = matching(filter);
    const take = () => {
      const found = this.sent.find((email) => isAwaited(email) && !this.received.has(email));
      if (found !== undefined) this.received.add(found);
      return found;
    };
    return (await this.waitFor(take, filter, timeoutMs)) as unknown as EmailMessage<Kind>;
  }

  /**
   * All that was sent, the oldest first, once every email that the application was asked for has been sent: by an empty list a
   * test knows that there was none.
   *
   * ```ts
   * expect(await mailbox.all({ to: 'nobody@example.com' })).toEqual([]);
   * ```
   */
  async all<Kind extends EmailKind = EmailKind>(filter: EmailFilter<Kind>): Promise<EmailMessage<Kind>[]> {
    await Promise.all([...this.queues].map((queue) => queue.idle()));
    return this.sent.filter(matching(filter)) as unknown as EmailMessage<Kind>[];
  }

  /**
   * The newest email of that kind to that address, one that was there before included: where a test asks for several,
   * `receive` tells them apart.
   * @param kind such as `passwordReset`
   * @param timeoutMs how long to wait, in milliseconds
   * @throws {Error} none came in time
   */
  async next<Kind extends EmailKind>(kind: Kind, address: string, timeoutMs = TIMEOUT_MS): Promise<EmailMessage<Kind>> {
    const find = () => this.sent.findLast((email) => email.kind === kind && email.user.email === address);
    return (await this.waitFor(find, { to: address, kind }, timeoutMs)) as unknown as EmailMessage<Kind>;
  }

  /** The newest password reset email to that address. @see next */
  async nextPasswordReset(address: string, timeoutMs?: number): Promise<PasswordResetEmail> {
    return this.next('passwordReset', address, timeoutMs);
  }

  /** The newest email to that address that asks to verify it. @see next */
  async nextEmailVerification(address: string, timeoutMs?: number): Promise<EmailVerificationEmail> {
    return this.next('emailVerification', address, timeoutMs);
  }

  private async waitFor(
    find: () => EmailMessage | undefined,
    filter: EmailFilter,
    timeoutMs: number,
  ): Promise<EmailMessage> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(this.describeMissing(filter, timeoutMs));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  private describeMissing(filter: EmailFilter, timeoutMs: number): string {
    const { to, kind } = filter;
    const missing = `No email${kind === undefined ? '' : ` ${kind}`} to ${to} within ${timeoutMs} ms`;
    if (this.sent.some(matching(filter))) {
      return (
        `${missing} beside those that were received before. A link that is asked for again within resendIntervalSeconds is not ` +
        'sent again: give AuthModule.forRoot({ resendIntervalSeconds: 0 }) in tests that ask twice.'
      );
    }
    const others = this.sent.map((email) => `${email.kind} to ${email.user.email}`);
    return `${missing}. ${others.length === 0 ? 'Nothing was sent' : `Sent were: ${others.slice(-10).join(', ')}`}.`;
  }
}

function matching({ to, kind }: EmailFilter): (email: EmailMessage) => boolean {
  const address = normaliseEmail(to);
  return (email) => normaliseEmail(email.user.email) === address && (kind === undefined || email.kind === kind);
}
