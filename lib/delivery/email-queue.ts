import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { AUTH_CONFIG, type AuthConfig } from '../http/auth-config.js';
import { Core } from '../core/core.js';
import { type ClaimedEmail, EmailOutboxCore } from '../core/email-outbox.core.js';
import { AuthDatabase } from '../core/embedded/storage/auth-database.js';
import type { JsonObject } from '../core/json.types.js';
import type { UserContext } from '../http/user-context.js';
import { EmailDelivery, type EmailKind, type EmailsByKind, type GivenUpEmail } from './email-delivery.js';
import { DEFAULT_TIMES, EmailWorker, reasonOf } from './email-worker.js';
import { InProcessEmailOutbox } from './in-process-email-outbox.js';

/** What a recipe knows of an email; the rest is added here. */
export type QueuedEmail<Kind extends EmailKind> = Omit<EmailsByKind[Kind], 'messageId' | 'userContext'>;

type Sender<Kind extends EmailKind> = (email: EmailsByKind[Kind]) => Promise<void>;

/** What is sent to nobody: see `pretend`. */
const DECOY = 'decoy';
const DECOY_MS = 50;
/** Where the core does not tell when a link expires. */
const MAX_AGE_MS = 24 * 3_600_000;

/**
 * Between the recipes and `EmailDelivery`. An email is kept with what it tells of, in one transaction, and sent after
 * the commit without holding the answer; in a serverless environment before it, since the process may be frozen then.
 * It is sent at least once, and only exceptionally twice.
 */
@Injectable()
export class EmailQueue implements OnApplicationBootstrap {
  private readonly logger = new Logger('Latchkey');
  private readonly outbox: EmailOutboxCore;
  private readonly worker: EmailWorker<UserContext>;
  private readonly senders: { [Kind in EmailKind]: Sender<Kind> };
  private readonly replaced = new Set<EmailKind>();

  constructor(
    @Inject(Core) core: Core,
    @Inject(AuthDatabase) private readonly database: AuthDatabase,
    @Inject(EmailDelivery) private readonly delivery: EmailDelivery,
    @Inject(AUTH_CONFIG) private readonly config: AuthConfig,
  ) {
    this.senders = {
      passwordReset: (email) => delivery.sendPasswordReset(email),
      emailVerification: (email) => delivery.sendEmailVerification(email),
    };
    this.outbox = core.offers(EmailOutboxCore) ? core.port(EmailOutboxCore) : new InProcessEmailOutbox();
    this.worker = new EmailWorker<UserContext>(
      this.outbox,
      (email, userContext) => this.deliver(email, userContext),
      (email, error) => this.reportGivenUp(email, error),
      DEFAULT_TIMES,
    );
  }

  onApplicationBootstrap(): void {
    this.worker.start();
  }

  /** To be called in the transaction that makes the link. */
  async send<Kind extends EmailKind>(kind: Kind, email: QueuedEmail<Kind>, userContext: UserContext): Promise<void> {
    await this.enqueue(kind, email, userContext);
  }

  /**
   * Costs what `send` costs, and sends nothing: for an account that does not exist, so that nobody can tell by the
   * time of an answer.
   */
  async pretend<Kind extends EmailKind>(_kind: Kind, email: QueuedEmail<Kind>, context: UserContext): Promise<void> {
    await this.enqueue(DECOY, email, context);
  }

  /** Sends one kind by something else than `EmailDelivery`: what a recipe's own options give. */
  replaceSender<Kind extends EmailKind>(kind: Kind, sender: Sender<Kind>): void {
    this.senders[kind] = sender as (typeof this.senders)[Kind];
    this.replaced.add(kind);
  }

  /** Whether emails of that kind go through `EmailDelivery`. */
  needsDelivery(kind: EmailKind): boolean {
    return !this.replaced.has(kind);
  }

  /** Resolves once every email of this process has been tried; those that failed wait for another attempt. */
  async idle(): Promise<void> {
    await this.worker.idle();
  }

  /** Waits for emails under way, a few seconds at most. What is left is sent by others, or at the next start. */
  async stop(): Promise<void> {
    await this.worker.stop();
    if (this.outbox instanceof InProcessEmailOutbox && this.outbox.size > 0) {
      this.logger.error(`${this.outbox.size} emails are lost: they were not sent before the application stopped`);
    }
    await this.delivery.close();
  }

  private async enqueue(kind: string, email: QueuedEmail<EmailKind>, userContext: UserContext): Promise<void> {
    const locale = email.locale ?? (await this.localeOf(email, userContext));
    const { emailId } = await this.outbox.enqueue({
      kind,
      content: { ...email, locale } as unknown as JsonObject,
      recipeUserId: email.user.recipeUserId,
      expiresAtMs: email.expiresAtMs ?? Date.now() + MAX_AGE_MS,
    });
    await this.database.afterCommit(async () => {
      if (this.config.isInServerlessEnv) await this.worker.sendNow(emailId, userContext);
      else this.worker.wake(emailId, userContext);
    });
  }

  /** An email in the wrong language is better than none. */
  private async localeOf(email: QueuedEmail<EmailKind>, userContext: UserContext): Promise<string | undefined> {
    try {
      return await this.delivery.resolveLocale({ ...email, userContext });
    } catch (error) {
      this.logger.error(`${this.delivery.constructor.name}.resolveLocale failed: ${reasonOf(error)}`);
      return undefined;
    }
  }

  private async deliver(claimed: ClaimedEmail, userContext: UserContext = {}): Promise<void> {
    // Not at once: what the end of an attempt costs must not fall into the time of the answer, as it never does
    // with a mail server.
    if (claimed.kind === DECOY) return delay(DECOY_MS);
    if (!this.knows(claimed.kind)) throw new Error(`this version does not know the kind ${claimed.kind}`);
    await this.senders[claimed.kind](emailOf(claimed, userContext) as never);
  }

  private async reportGivenUp(claimed: ClaimedEmail, error: unknown): Promise<void> {
    const { emailId, kind, attempt } = claimed;
    if (kind === DECOY) return;
    this.logger.error(`Email ${emailId} (${kind}) is given up after ${attempt} attempts: ${reasonOf(error)}`);
    if (!this.knows(kind)) return;
    try {
      const email = emailOf(claimed, {});
      await this.delivery.onGivenUp({ kind, email, error, attempts: attempt } as GivenUpEmail);
    } catch (hookError) {
      this.logger.error(`${this.delivery.constructor.name}.onGivenUp failed: ${reasonOf(hookError)}`);
    }
  }

  private knows(kind: string): kind is EmailKind {
    return Object.hasOwn(this.senders, kind);
  }
}

function emailOf({ emailId, content }: ClaimedEmail, userContext: UserContext): EmailsByKind[EmailKind] {
  return { ...content, messageId: emailId, userContext } as unknown as EmailsByKind[EmailKind];
}
