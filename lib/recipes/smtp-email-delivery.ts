import { Injectable } from '@nestjs/common';
import type { EmailContent } from '../delivery/email-content.js';
import { SmtpDelivery } from '../delivery/smtp-delivery.js';
import type { PasswordResetEmail } from './email-password/index.js';
import type { EmailVerificationEmail } from './email-verification/index.js';

/**
 * Sends emails by SMTP. A subclass may change the words (`content` for all kinds, `passwordResetContent` for one), where the
 * server is (`smtpOptions`), or anything else: `emailDelivery: { smtp: { … }, useClass: MyDelivery }`.
 *
 * The methods for one kind are those of version 0.1.0. Later kinds have `content` only.
 */
@Injectable()
export class SmtpEmailDelivery extends SmtpDelivery {
  /** Sends the link of a password reset by SMTP. */
  override async sendPasswordReset(email: PasswordResetEmail): Promise<void> {
    await this.deliver(email, await this.passwordResetContent(email));
  }

  /** Sends the link of an email verification by SMTP. */
  override async sendEmailVerification(email: EmailVerificationEmail): Promise<void> {
    await this.deliver(email, await this.emailVerificationContent(email));
  }

  /** The subject, text and HTML of a password reset. Override it for other words. */
  protected async passwordResetContent(email: PasswordResetEmail): Promise<EmailContent> {
    return this.content({ kind: 'passwordReset', ...email });
  }

  /** The subject, text and HTML of an email verification. Override it for other words. */
  protected async emailVerificationContent(email: EmailVerificationEmail): Promise<EmailContent> {
    return this.content({ kind: 'emailVerification', ...email });
  }
}
