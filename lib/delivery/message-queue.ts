import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { AUTH_CONFIG, type AuthConfig } from '../http/auth-config.js';
import { Core } from '../core/core.js';
import { type ClaimedEmail, EmailOutboxCore, type OutboxLine } from '../core/email-outbox.core.js';
import { AuthDatabase } from '../core/auth-database.js';
import type { JsonObject } from '../core/json.types.js';
import type { UserContext } from '../http/user-context.js';
import { EmailDelivery } from './email-delivery.js';
import { DEFAULT_TIMES, describeClaimed, EmailWorker, type EmailWorkerTimes } from './email-worker.js';
import { InProcessEmailOutbox } from './in-process-email-outbox.js';
import type { RecipeMessage } from './message-kinds.js';
import { MessageRegistry } from './message-registry.js';
import { type MessageKind, outboxKind, parseOutboxKind } from './outbox-kind.js';
import type { QueueWatcher } from './queue-watcher.js';
import { reasonOf } from './reason.js';
import { SmsDelivery } from './sms-delivery.js';

/** What a recipe knows of a message; the rest is added here. */
type NewMessage = Omit<RecipeMessage, 'messageId' | 'userContext'> & { user: { recipeUserId: string } };

type Sender = (message: object) => void | Promise<void>;

/** Either delivery, as the queue uses it. */
interface AnyDelivery extends Partial<QueueWatcher> {
  /** Throws where no delivery was given. */
  assertConfigured?(): void;
  send(message: object): Promise<void>;
  resolveLocale(message: object): Promise<string | undefined>;
  onGivenUp(message: object): Promise<void>;
  close(): Promise<void>;
}

/** What is sent to nobody: see `pretend`. */
const DECOY = 'decoy';
const DECOY_MS = 50;
/** Nobody waits for what others have left. */
const DECOY_TIMES = { ...DEFAULT_TIMES, pollMs: 60_000 };
/** Where the core does not tell when a link expires. */
const MAX_AGE_MS = 24 * 3_600_000;

/**
 * Between the recipes and the deliveries of every channel. A message is kept with what it tells of, in one transaction,
 * and sent after the commit without holding the answer; in a serverless environment before it, since the process may be
 * frozen then. It is sent at least once, and only exceptionally twice.
 */
@Injectable()
export class MessageQueue implements OnApplicationBootstrap {
  /** How many messages this process has given up. */
  givenUp = 0;
  private readonly logger = new Logger('Latchkey');
  private readonly outbox: EmailOutboxCore;
  private readonly workers: Record<OutboxLine, EmailWorker<UserContext>>;
  private readonly deliveries: Record<MessageKind['channel'], AnyDelivery>;
  /** By the kind in the outbox. */
  private readonly replacedSenders = new Map<string, Sender>();

  constructor(
    @Inject(Core) core: Core,
    @Inject(AuthDatabase) private readonly database: AuthDatabase,
    @Inject(EmailDelivery) email: EmailDelivery,
    @Inject(SmsDelivery) sms: SmsDelivery,
    @Inject(MessageRegistry) private readonly registry: MessageRegistry,
    @Inject(AUTH_CONFIG) private readonly config: AuthConfig,
  ) {
    this.deliveries = { email: email as AnyDelivery, sms: sms as AnyDelivery };
    this.outbox = core.offers(EmailOutboxCore) ? core.port(EmailOutboxCore) : new InProcessEmailOutbox();
    this.workers = {
      messages: this.workerOf('messages', DEFAULT_TIMES),
      decoys: this.workerOf('decoys', DECOY_TIMES),
    };
    for (const delivery of Object.values(this.deliveries)) delivery.watchQueue?.(this);
  }

  onApplicationBootstrap(): void {
    for (const worker of Object.values(this.workers)) worker.start();
  }

  /**
   * To be called in the transaction that makes the link or the code.
   * @throws {ConfigurationError} no delivery was given, and the log is not for this machine only
   * @throws {Error} no recipe declares that kind
   */
  async send(kind: MessageKind, message: NewMessage, userContext: UserContext): Promise<void> {
    if (!this.registry.has(kind.channel, kind.kind)) {
      throw new Error(
        `No recipe of this application declares the ${kind.channel} ${kind.kind}. Add it to the messages of its definition.`,
      );
    }
    this.assertConfigured(kind);
    await this.enqueue(outboxKind(kind), kind.channel, message, userContext);
  }

  /**
   * Costs what `send` costs, fails where that fails, and sends nothing: for an account that does not exist, so that nobody
   * can tell by an answer or its time.
   */
  async pretend(kind: MessageKind, message: NewMessage, userContext: UserContext): Promise<void> {
    this.assertConfigured(kind);
    await this.enqueue(DECOY, kind.channel, message, userContext);
  }

  /** Sends one kind by something else than the delivery of its channel: what a recipe's own options give. */
  replaceSender(kind: MessageKind, sender: Sender): void {
    this.replacedSenders.set(outboxKind(kind), sender);
  }

  /** Whether messages of that kind go through the delivery of their channel. */
  needsDelivery(kind: MessageKind): boolean {
    return !this.replacedSenders.has(outboxKind(kind));
  }

  /**
   * Sends again what was given up and has not expired.
   * @returns how many messages there are
   */
  async retryGivenUp(): Promise<number> {
    const count = await this.outbox.retryGivenUp();
    await this.database.afterCommit(() => this.workers.messages.start());
    return count;
  }

  /** Resolves once every message of this process has been tried; those that failed wait for another attempt. */
  async idle(): Promise<void> {
    await Promise.all(Object.values(this.workers).map((worker) => worker.idle()));
  }

  /** Waits for messages under way, a few seconds at most. What is left is sent by others, or at the next start. */
  async stop(): Promise<void> {
    await Promise.all(Object.values(this.workers).map((worker) => worker.stop()));
    if (this.outbox instanceof InProcessEmailOutbox && this.outbox.size > 0) {
      this.logger.error(`${this.outbox.size} messages are lost: they were not sent before the application stopped`);
    }
    for (const delivery of Object.values(this.deliveries)) await delivery.close();
  }

  /** Before the message is kept, not when it is sent: the answer must not say that it is on its way. */
  private assertConfigured(kind: MessageKind): void {
    if (this.needsDelivery(kind)) this.deliveries[kind.channel].assertConfigured?.();
  }

  private async enqueue(
    kind: string,
    channel: MessageKind['channel'],
    message: NewMessage,
    userContext: UserContext,
  ): Promise<void> {
    const locale = message.locale ?? (await this.localeOf(kind, channel, message, userContext));
    const line: OutboxLine = kind === DECOY ? 'decoys' : 'messages';
    const { emailId } = await this.outbox.enqueue({
      kind,
      line,
      content: { ...message, locale } as unknown as JsonObject,
      recipeUserId: message.user.recipeUserId,
      tenantId: message.tenantId,
      expiresAtMs: message.expiresAtMs ?? Date.now() + MAX_AGE_MS,
    });
    await this.database.afterCommit(async () => {
      const worker = this.workers[line];
      if (this.config.isInServerlessEnv) await worker.sendNow(emailId, userContext);
      // A decoy may wait for long, and has no use for the request.
      else worker.wake(emailId, line === 'decoys' ? {} : userContext);
    });
  }

  private workerOf(line: OutboxLine, times: EmailWorkerTimes): EmailWorker<UserContext> {
    const hooks = {
      onGivenUp: (message: ClaimedEmail, error: unknown) => this.reportGivenUp(message, error),
      reasonOf: (message: ClaimedEmail, error: unknown) => this.reasonOf(message.kind, message.content, error),
    };
    return new EmailWorker(this.outbox, line, (message, context) => this.deliver(message, context), hooks, times);
  }

  /** A message in the wrong language is better than none. */
  private async localeOf(
    kind: string,
    channel: MessageKind['channel'],
    message: NewMessage,
    userContext: UserContext,
  ): Promise<string | undefined> {
    const delivery = this.deliveries[channel];
    try {
      return await delivery.resolveLocale({ ...message, userContext });
    } catch (error) {
      this.logger.error(`${delivery.constructor.name}.resolveLocale failed: ${this.reasonOf(kind, message, error)}`);
      return undefined;
    }
  }

  private async deliver(claimed: ClaimedEmail, userContext: UserContext = {}): Promise<void> {
    // Not at once: what the end of an attempt costs must not fall into the time of the answer, as it never does
    // with a mail server.
    if (claimed.kind === DECOY) return delay(DECOY_MS);
    const { channel, kind } = parseOutboxKind(claimed.kind);
    if (!this.registry.has(channel, kind)) throw new Error(`this version does not know the kind ${claimed.kind}`);
    const message = { kind, ...contentOf(claimed, userContext) };
    const sender = this.replacedSenders.get(claimed.kind);
    await (sender === undefined ? this.deliveries[channel].send(message) : sender(message));
  }

  private async reportGivenUp(claimed: ClaimedEmail, error: unknown): Promise<void> {
    const { attempt } = claimed;
    if (claimed.kind === DECOY) return;
    this.givenUp++;
    const { channel, kind } = parseOutboxKind(claimed.kind);
    const reason = this.reasonOf(claimed.kind, claimed.content, error);
    this.logger.error(`${describeClaimed(claimed)} is given up after ${attempt} attempts: ${reason}`);
    if (!this.registry.has(channel, kind)) return;
    const delivery = this.deliveries[channel];
    try {
      await delivery.onGivenUp({ kind, [channel]: contentOf(claimed, {}), error, attempts: attempt });
    } catch (hookError) {
      this.logger.error(
        `${delivery.constructor.name}.onGivenUp failed: ${this.reasonOf(claimed.kind, claimed.content, hookError)}`,
      );
    }
  }

  /** A gateway's error may repeat what it was given: what opens an account does not go to the log with it. */
  private reasonOf(outboxed: string, content: object, error: unknown): string {
    const { channel, kind } = parseOutboxKind(outboxed);
    return reasonOf(error, this.registry.secretsOf(channel, content, kind));
  }
}

function contentOf({ emailId, content }: ClaimedEmail, userContext: UserContext): object {
  return { ...content, messageId: emailId, userContext };
}
