import { Inject, Injectable } from '@nestjs/common';
import type { UserContext } from '../http/user-context.js';
import type { SmsKind, SmsKinds } from './message-kinds.js';
import { MessageQueue } from './message-queue.js';
import { type MessageRecipient, ResendInterval } from './resend-interval.js';

/** What a recipe knows of a text message; the rest is added by the queue. */
export type QueuedSms<Kind extends SmsKind> = Omit<SmsKinds[Kind], 'messageId' | 'userContext'>;

/** Between the recipes and `SmsDelivery`. @see MessageQueue */
@Injectable()
export class SmsQueue {
  @Inject(MessageQueue) private readonly queue!: MessageQueue;
  @Inject(ResendInterval) private readonly interval!: ResendInterval;

  /**
   * Keeps a text message with what it tells of, and has it sent after the commit: to be called in the transaction that makes
   * its link or code.
   * @throws {Error} no recipe of the application declares that kind
   */
  async send<Kind extends SmsKind>(kind: Kind, sms: QueuedSms<Kind>, userContext: UserContext): Promise<void> {
    await this.queue.send({ channel: 'sms', kind }, sms as never, userContext);
  }

  /**
   * Costs what `send` costs, and sends nothing: for an account that does not exist, so that nobody can tell by the
   * time of an answer.
   */
  async pretend<Kind extends SmsKind>(kind: Kind, sms: QueuedSms<Kind>, userContext: UserContext): Promise<void> {
    await this.queue.pretend({ channel: 'sms', kind }, sms as never, userContext);
  }

  /** @see EmailQueue.unlessJustSent */
  async unlessJustSent<Kind extends SmsKind>(
    kind: Kind,
    recipient: MessageRecipient,
    send: () => Promise<boolean>,
  ): Promise<boolean | undefined> {
    return this.interval.run({ channel: 'sms', kind }, recipient, send);
  }

  /** @see EmailQueue.forgetSent */
  async forgetSent<Kind extends SmsKind>(kind: Kind, recipient: MessageRecipient): Promise<void> {
    await this.interval.forget({ channel: 'sms', kind }, recipient);
  }

  /**
   * Resolves once every message of this process has been tried, decoys included; those that failed wait for another
   * attempt. For tests: `await app.get(SmsQueue).idle()`.
   */
  async idle(): Promise<void> {
    await this.queue.idle();
  }
}
