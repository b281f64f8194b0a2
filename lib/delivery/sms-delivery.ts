import { Injectable } from '@nestjs/common';
import { MessageDelivery } from './message-delivery.js';
import type { GivenUpSms, RecipeSms, SmsMessage } from './message-kinds.js';

/**
 * Sends the recipes' text messages. An application gives its own by
 * `AuthModule.forRoot({ smsDelivery: { useClass: … } })`: a class with `send`, which hands `this.textOf(sms)` or words of
 * its own to a gateway.
 */
@Injectable()
export abstract class SmsDelivery extends MessageDelivery<SmsMessage, RecipeSms, GivenUpSms> {
  /** The recipe's words for the message, in the language of the user or else in English. */
  protected textOf(sms: SmsMessage): string {
    return this.messageRegistry.smsText(sms, this.authConfig.appInfo.appName);
  }
}
