import { Inject, Injectable } from '@nestjs/common';
import { type AttemptBucket, AttemptsCore } from '../core/attempts.core.js';
import { AUTH_CONFIG, type AuthConfig } from '../http/auth-config.js';
import { type MessageKind, outboxKind } from './outbox-kind.js';

/** Whom messages go to, as far as one of them is enough. */
export interface MessageRecipient {
  tenantId: string;
  /** What tells recipients of one tenant apart, such as an email address. There may be no such account. */
  account: string;
}

/** Of messages of one kind that somebody asks for within a while, one is sent, whatever replica each request comes to. */
@Injectable()
export class ResendInterval {
  constructor(
    @Inject(AttemptsCore) private readonly attempts: AttemptsCore,
    @Inject(AUTH_CONFIG) private readonly config: AuthConfig,
  ) {}

  /** @see EmailQueue.unlessJustSent */
  async run(
    kind: MessageKind,
    recipient: MessageRecipient,
    send: () => Promise<boolean>,
  ): Promise<boolean | undefined> {
    if (this.config.resendIntervalSeconds === 0) return send();
    const bucket = this.bucketOf(kind, recipient);
    if (!(await this.attempts.take(bucket)).allowed) return undefined;
    let isSent = false;
    try {
      isSent = await send();
    } catch (error) {
      // Where the database counts, the rollback takes it back.
      if (!this.attempts.joinsTransactions) await this.attempts.forget([bucket]).catch(() => undefined);
      throw error;
    }
    if (!isSent) await this.attempts.forget([bucket]);
    return isSent;
  }

  /** @see EmailQueue.forgetSent */
  async forget(kind: MessageKind, recipient: MessageRecipient): Promise<void> {
    if (this.config.resendIntervalSeconds === 0) return;
    await this.attempts.forget([this.bucketOf(kind, recipient)]);
  }

  private bucketOf(kind: MessageKind, { tenantId, account }: MessageRecipient): AttemptBucket {
    const rate = { attempts: 1, seconds: this.config.resendIntervalSeconds };
    return { subject: `message\0${tenantId}\0${account}`, name: outboxKind(kind), rate };
  }
}
