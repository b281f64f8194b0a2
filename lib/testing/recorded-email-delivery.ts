import { Injectable } from '@nestjs/common';
import { EmailDelivery, type PasswordResetEmail } from '../delivery/email-delivery.js';

/** Keeps emails instead of sending them: `emailDelivery: { useClass: RecordedEmailDelivery }`. */
@Injectable()
export class RecordedEmailDelivery extends EmailDelivery {
  readonly passwordResets: PasswordResetEmail[] = [];
  private waiting: (() => void)[] = [];

  override async sendPasswordReset(email: PasswordResetEmail): Promise<void> {
    this.passwordResets.push(email);
    for (const wake of this.waiting.splice(0)) wake();
  }

  /**
   * Emails are sent after the answer, so a test waits for them.
   * @returns the newest password reset email to that address
   * @throws {Error} none came within `timeoutMs`
   */
  async nextPasswordReset(address: string, timeoutMs = 5000): Promise<PasswordResetEmail> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.passwordResets.findLast(({ user }) => user.email === address);
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`No password reset email to ${address} within ${timeoutMs} ms`);
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
