import { Injectable, Logger } from '@nestjs/common';
import { EmailDelivery, type EmailVerificationEmail, type PasswordResetEmail } from './email-delivery.js';

/** For development: writes the links to Nest's log instead of sending them. Refused in production. */
@Injectable()
export class LogEmailDelivery extends EmailDelivery {
  private readonly logger = new Logger('Latchkey');

  override async sendPasswordReset({ user, passwordResetLink }: PasswordResetEmail): Promise<void> {
    this.logger.log(`Password reset for ${user.email}: ${passwordResetLink}`);
  }

  override async sendEmailVerification({ user, emailVerifyLink }: EmailVerificationEmail): Promise<void> {
    this.logger.log(`Email verification for ${user.email}: ${emailVerifyLink}`);
  }
}
