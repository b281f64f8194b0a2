import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { UserContext } from '../http/user-context.js';
import { EmailQueue, type QueuedEmail } from './email-queue.js';
import type { EmailKind } from './message-kinds.js';

/**
 * `EmailQueue` for functions of recipes. An application's `EmailDelivery` may inject those functions, and the queue is made of
 * the delivery: so it is looked up when there is something to send.
 */
@Injectable()
export class LateEmailQueue {
  @Inject(ModuleRef) private readonly moduleRef!: ModuleRef;

  /** As `EmailQueue.send`. */
  async send<Kind extends EmailKind>(kind: Kind, email: QueuedEmail<Kind>, userContext: UserContext): Promise<void> {
    await this.moduleRef.get(EmailQueue, { strict: false }).send(kind, email, userContext);
  }
}
