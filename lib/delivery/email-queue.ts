import { Inject, Injectable } from '@nestjs/common';
import type { UserContext } from '../http/user-context.js';
import type { EmailKind, EmailKinds } from './message-kinds.js';
import { MessageQueue } from './message-queue.js';

/** What a recipe knows of an email; the rest is added by the queue. */
export type QueuedEmail<Kind extends EmailKind> = Omit<EmailKinds[Kind], 'messageId' | 'userContext'>;

/** Between the recipes and `EmailDelivery`. @see MessageQueue */
@Injectable()
export class EmailQueue {
  @Inject(MessageQueue) private readonly queue!: MessageQueue;

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
   * Resolves once every message of this process has been tried, decoys included; those that failed wait for another
   * attempt. For tests: `await app.get(EmailQueue).idle()`.
   */
  async idle(): Promise<void> {
    await this.queue.idle();
  }
}
