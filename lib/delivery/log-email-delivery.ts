import { Injectable, Logger } from '@nestjs/common';
import { oneLine } from '../core/log-line.js';
import { EmailDelivery } from './email-delivery.js';
import type { EmailMessage } from './message-kinds.js';

/** For development, `emailDelivery: 'log'`: writes links and codes to Nest's log instead of sending them. */
@Injectable()
export class LogEmailDelivery extends EmailDelivery {
  private readonly logger = new Logger('Latchkey');

  override async send(email: EmailMessage): Promise<void> {
    // As by SMTP, a kind that no recipe of this application declares is an error.
    this.messageRegistry.email(email.kind);
    const secrets = this.messageRegistry.secretsOf('email', email, email.kind);
    this.logger.log(oneLine(`Email ${email.kind} to ${email.user.email}: ${secrets.join(' ')}`));
  }
}
