import { Injectable, Logger } from '@nestjs/common';
import { oneLine } from '../core/log-line.js';
import type { RecipeSms, SmsMessage } from './message-kinds.js';
import { SmsDelivery } from './sms-delivery.js';

/** For development, `smsDelivery: 'log'`: writes text messages to Nest's log instead of sending them. */
@Injectable()
export class LogSmsDelivery extends SmsDelivery {
  private readonly logger = new Logger('Latchkey');

  override async send(sms: SmsMessage): Promise<void> {
    const { user } = sms as RecipeSms;
    this.logger.log(oneLine(`SMS to ${user.phoneNumber}: ${this.textOf(sms)}`));
  }
}
