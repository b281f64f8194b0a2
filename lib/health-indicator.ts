import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Core } from './core/core.js';
import { HealthCore } from './core/health.core.js';
import { RevocationFeed, type RevocationFeedState } from './core/revocation-feed.js';
import { TenantsCore } from './core/tenants.core.js';
import { MessageQueue } from './delivery/message-queue.js';

/** When the indicator is down. */
export interface HealthCheckOptions {
  /** The core must answer within this time. @default 3000 */
  timeoutMs?: number;
  /** Down where an email or a text message has waited for longer than this. @default never: it is told only */
  maxOutboxAgeSeconds?: number;
  /** Down where this process does not know what others have revoked. @default false: it is told only */
  needsRevocations?: boolean;
}

/** What `LatchkeyHealthIndicator.check` tells. */
export interface LatchkeyHealth {
  status: 'up' | 'down';
  /** Why it is down; without secrets. */
  message?: string;
  /** With a core in this process. */
  outbox?: {
    waiting: number;
    oldestSeconds?: number;
  };
  /** Messages that this process has given up since it was started. */
  messagesGivenUp: number;
  /** With a core in this process: of the key that signs access tokens. */
  signingKey?: { ageSeconds: number; isDue: boolean };
  /** Whether revoked sessions are refused here at once. */
  revocations: RevocationFeedState['status'];
}

/**
 * For the health checks of `@nestjs/terminus`, which it does not need:
 *
 * ```ts
 * @Get('health')
 * @HealthCheck()
 * check() {
 *   return this.health.check([() => this.latchkey.check()]);
 * }
 * ```
 */
@Injectable()
export class LatchkeyHealthIndicator {
  @Inject(Core) private readonly core!: Core;
  @Inject(MessageQueue) private readonly messageQueue!: MessageQueue;
  @Inject(RevocationFeed) private readonly revocationFeed!: RevocationFeed;

  /**
   * Asks the core, and so its database.
   * @returns the state under `key`, as Terminus has it; it does not throw
   */
  async check<Key extends string = 'latchkey'>(
    key: Key = 'latchkey' as Key,
    { timeoutMs = 3000, maxOutboxAgeSeconds, needsRevocations = false }: HealthCheckOptions = {},
  ): Promise<Record<Key, LatchkeyHealth>> {
    const ofProcess = { messagesGivenUp: this.messageQueue.givenUp, revocations: this.revocationFeed.state.status };
    const answer = await this.ask(timeoutMs);
    if (typeof answer === 'string') return under(key, { status: 'down', message: answer, ...ofProcess });
    const oldest = answer.outbox?.oldestSeconds ?? 0;
    const message =
      maxOutboxAgeSeconds !== undefined && oldest > maxOutboxAgeSeconds
        ? `A message has waited for ${oldest} seconds: see the log for why it is not sent`
        : needsRevocations && ofProcess.revocations === 'BEHIND'
          ? 'Sessions that others have revoked are not known here: see the log of RevocationFeed'
          : undefined;
    const status = message === undefined ? 'up' : 'down';
    return under(key, { status, ...(message === undefined ? {} : { message }), ...answer, ...ofProcess });
  }

  /** @returns why it does not answer, in words without secrets */
  private async ask(timeoutMs: number): Promise<string | Pick<LatchkeyHealth, 'outbox' | 'signingKey'>> {
    const timer = new AbortController();
    try {
      const late = delay(timeoutMs, `The core does not answer within ${timeoutMs} ms`, {
        signal: timer.signal,
        ref: false,
      });
      return await Promise.race([this.askCore(), late]);
    } catch {
      return 'The core does not answer: see the log of other requests for why';
    } finally {
      timer.abort();
    }
  }

  private async askCore(): Promise<Pick<LatchkeyHealth, 'outbox' | 'signingKey'>> {
    if (!this.core.offers(HealthCore)) {
      await this.core.port(TenantsCore).listTenants();
      return {};
    }
    const { outbox, signingKey } = await this.core.port(HealthCore).health();
    const nowMs = Date.now();
    const { waiting, oldestAtMs } = outbox;
    return {
      outbox: { waiting, ...(oldestAtMs === undefined ? {} : { oldestSeconds: secondsBetween(oldestAtMs, nowMs) }) },
      signingKey: { ageSeconds: secondsBetween(signingKey.createdAtMs, nowMs), isDue: nowMs >= signingKey.dueAtMs },
    };
  }
}

function under<Key extends string>(key: Key, health: LatchkeyHealth): Record<Key, LatchkeyHealth> {
  return { [key]: health } as Record<Key, LatchkeyHealth>;
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) / 1000));
}
