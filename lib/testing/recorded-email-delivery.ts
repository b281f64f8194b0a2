import { Injectable } from '@nestjs/common';
import { EmailDelivery } from '../delivery/email-delivery.js';
import type { EmailKind, EmailMessage } from '../delivery/message-kinds.js';
import type { PasswordResetEmail } from '../recipes/email-password/index.js';
import type { EmailVerificationEmail } from '../recipes/email-verification/index.js';

/** Keeps emails instead of sending them: `emailDelivery: { useClass: RecordedEmailDelivery }`. */
@Injectable()
export class RecordedEmailDelivery extends EmailDelivery {
  /** Emails of every kind, in the order of sending. */
  readonly sent: EmailMessage[] = [];
  readonly passwordResets: PasswordResetEmail[] = [];
  readonly emailVerifications: EmailVerificationEmail[] = [];
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

  /**
   * Emails are sent after the answer, so a test waits for them.
   * @param kind such as `passwordReset`
   * @param timeoutMs how long to wait, in milliseconds
   * @returns the newest email of that kind to that address
   * @throws {Error} none came in time
   */
  async next<Kind extends EmailKind>(kind: Kind, address: string, timeoutMs = 5000): Promise<EmailMessage<Kind>> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.sent.findLast((email) => email.kind === kind && email.user.email === address);
      if (found !== undefined) return found as unknown as EmailMessage<Kind>;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`No email ${kind} to ${address} within ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** The newest password reset email to that address. @see next */
  async nextPasswordReset(address: string, timeoutMs?: number): Promise<PasswordResetEmail> {
    return this.next('passwordReset', address, timeoutMs);
  }

  /** The newest email to that address that asks to verify it. @see next */
  async nextEmailVerification(address: string, timeoutMs?: number): Promise<EmailVerificationEmail> {
    return this.next('emailVerification', address, timeoutMs);
  }
}
