import { Inject, Injectable } from '@nestjs/common';
import type { UserContext } from '../http/user-context.js';
import type { EmailKind, EmailKinds } from './message-kinds.js';
import { MessageQueue } from './message-queue.js';
import { type MessageRecipient, ResendInterval } from './resend-interval.js';

/** What a recipe knows of an email; the rest is added by the queue. */
export type QueuedEmail<Kind extends EmailKind> = Omit<EmailKinds[Kind], 'messageId' | 'userContext'>;

/** Between the recipes and `EmailDelivery`. @see MessageQueue */
@Injectable()
export class EmailQueue {
  @Inject(MessageQueue) private readonly queue!: MessageQueue;
  @Inject(ResendInterval) private readonly interval!: ResendInterval;

  /**
   * Keeps an email with what it tells of, and has it sent after the commit: to be called in the transaction that makes
   * its link.
   * @throws {Error} no recipe of the application declares that kind
   */
  async send<Kind extends EmailKind>(kind: Kind, email: QueuedEmail<Kind>, userContext: UserContext): Promise<void> {
    await this.queue.send({ channel: 'email', kind }, email as never, userContext);
  }

  /**
   * Costs what `send` costs, and sends nothing: for an account that does not exist, so that nobody can tell by the
   * time of an answer.
   */
  async pretend<Kind extends EmailKind>(kind: Kind, email: QueuedEmail<Kind>, userContext: UserContext): Promise<void> {
    await this.queue.pretend({ channel: 'email', kind }, email as never, userContext);
  }

  /**
   * Has a link made and sent, unless such an email went to that account less than `resendIntervalSeconds` ago. To be called in
   * the transaction that makes the link, for an account that does not exist as well, and to be answered alike in any case.
   * @param send returns whether it has sent or pretended anything; where not, the next request may
   * @returns what `send` returned; undefined where it was not called
   */
  async unlessJustSent<Kind extends EmailKind>(
    kind: Kind,
    recipient: MessageRecipient,
    send: () => Promise<boolean>,
  ): Promise<boolean | undefined> {
    return this.interval.run({ channel: 'email', kind }, recipient, send);
  }

  /** The link was used: a person who asks for another gets it at once. */
  async forgetSent<Kind extends EmailKind>(kind: Kind, recipient: MessageRecipient): Promise<void> {
    await this.interval.forget({ channel: 'email', kind }, recipient);
  }

  /**
   * Resolves once every message of this process has been tried, decoys included; those that failed wait for another
   * attempt. For tests: `await app.get(EmailQueue).idle()`.
   */
  async idle(): Promise<void> {
    await this.queue.idle();
  }
}
