import { Injectable } from '@nestjs/common';
import { EmailDelivery, type EmailVerificationEmail, type PasswordResetEmail } from '../delivery/email-delivery.js';

/** Keeps emails instead of sending them: `emailDelivery: { useClass: RecordedEmailDelivery }`. */
@Injectable()
export class RecordedEmailDelivery extends EmailDelivery {
  readonly passwordResets: PasswordResetEmail[] = [];
  readonly emailVerifications: EmailVerificationEmail[] = [];
  private waiting: (() => void)[] = [];

  override async sendPasswordReset(email: PasswordResetEmail): Promise<void> {
    this.record(this.passwordResets, email);
  }

  override async sendEmailVerification(email: EmailVerificationEmail): Promise<void> {
    this.record(this.emailVerifications, email);
  }

  /**
   * Emails are sent after the answer, so a test waits for them.
   * @returns the newest password reset email to that address
   * @throws {Error} none came within `timeoutMs`
   */
  async nextPasswordReset(address: string, timeoutMs = 5000): Promise<PasswordResetEmail> {
    return this.newest(this.passwordResets, 'password reset', address, timeoutMs);
  }

  /** The same for email verification. */
  async nextEmailVerification(address: string, timeoutMs = 5000): Promise<EmailVerificationEmail> {
    return this.newest(this.emailVerifications, 'email verification', address, timeoutMs);
  }

  private record<Email>(emails: Email[], email: Email): void {
    emails.push(email);
    for (const wake of this.waiting.splice(0)) wake();
  }

  private async newest<Email extends { user: { email: string } }>(
    emails: Email[],
    kind: string,
    address: string,
    timeoutMs: number,
  ): Promise<Email> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = emails.findLast(({ user }) => user.email === address);
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`No ${kind} email to ${address} within ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}
