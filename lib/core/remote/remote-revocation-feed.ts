import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AuthError } from '../auth.error.js';
import { KnownRevocations, type TokenFinding } from '../access-token/known-revocations.js';
import { RevocationWatch } from '../access-token/revocation-watch.js';
import type { VerifiedAccessToken } from '../access-token/access-token.verifier.js';
import type { RevocationFeedState } from '../revocation-feed.js';
import type { RevocationFeedOptions } from '../revocation-feed.options.js';
import { ok, statusOf } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { UnknownRouteError } from './core-errors.js';

const RETRY_MS = 1000;
/** After that long a core that had no such route may have been replaced by one that has it. */
const RECHECK_MS = 60_000;
/** Shorter than any proxy's patience. */
const MAX_WAIT_MS = 20_000;

const page = z.discriminatedUnion('status', [
  ok.extend({
    position: z.string(),
    isComplete: z.boolean(),
    ended: z.array(z.string()),
    accessTokenLifetimeMs: z.number(),
  }),
  statusOf('OFF'),
]);

interface RemoteRevocationFeedDependencies {
  client: CoreClient;
  clock: () => number;
  options: Required<RevocationFeedOptions>;
  /** After how long the client gives up a call. */
  timeoutMs: number;
}

/**
 * Asks our own core service, by a route beside the wire, which answers when there is something new. With any other core, and one
 * of 0.1.0, there is no feed. Nothing is sent before the first token is verified: the core need not be up before.
 */
export class RemoteRevocationFeed extends RevocationWatch {
  private readonly ending = new AbortController();
  private position: string | undefined;
  private lifetimeMs: number | undefined;
  private absence: string | undefined = 'no token was verified yet';
  private running: Promise<void> | undefined;
  private begun: (() => void) | undefined;
  private readonly beginning = new Promise<void>((resolve) => (this.begun = resolve));

  constructor(private readonly remote: RemoteRevocationFeedDependencies) {
    super({ ...remote, accessTokenLifetimeMs: 0 }, 'LONG_POLL');
  }

  override get state(): RevocationFeedState {
    return this.absence === undefined ? super.state : { status: 'OFF', entries: 0, reason: this.absence };
  }

  override look(token: VerifiedAccessToken): TokenFinding | undefined {
    return this.absence === undefined ? super.look(token) : undefined;
  }

  /** To be waited for before the first token is judged. Over when it is known what was revoked, or that this cannot be known. */
  async begin(): Promise<void> {
    this.running ??= this.run();
    await this.beginning;
  }

  /** What this process has ended, before the core tells it. */
  addEnded(sessionHandles: readonly string[]): void {
    if (this.absence === undefined) this.noteEnded(sessionHandles, this.remote.clock());
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  /** It asks all the time. */
  protected override async catchUp(): Promise<void> {}

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted) {
      const pauseMs = await this.ask();
      if (pauseMs === 0) continue;
      this.begun?.();
      await delay(pauseMs, undefined, { ref: false, signal: this.ending.signal }).catch(() => undefined);
    }
    this.begun?.();
  }

  /** @returns how long to wait until the next time */
  private async ask(): Promise<number> {
    const { client, timeoutMs } = this.remote;
    // The first time it is answered at once, so that nobody waits for a quiet core.
    const waitMs = this.absence !== undefined ? 0 : Math.min(timeoutMs / 2, MAX_WAIT_MS);
    try {
      const answer = await client.call({
        method: 'POST',
        path: '/latchkey/revocations/since',
        body: { position: this.position, waitMs },
        isRepeatable: true,
        signal: this.ending.signal,
        answer: page,
      });
      if (answer.status === 'OFF') return this.goWithout('the core service tells nothing of revocations');
      this.take(answer);
      return 0;
    } catch (error) {
      if (error instanceof UnknownRouteError) return this.goWithout('the core is not our core service');
      if (!this.ending.signal.aborted) this.noteFailed(reasonOf(error));
      return RETRY_MS;
    }
  }

  private take(answer: {
    position: string;
    isComplete: boolean;
    ended: string[];
    accessTokenLifetimeMs: number;
  }): void {
    const { accessTokenLifetimeMs, ended, isComplete, position } = answer;
    const { clock, options } = this.remote;
    if (accessTokenLifetimeMs !== this.lifetimeMs) {
      // Those that are remembered are remembered for another lifetime.
      const isFirst = this.lifetimeMs === undefined;
      this.lifetimeMs = accessTokenLifetimeMs;
      this.known = new KnownRevocations({ accessTokenLifetimeMs, clock, maxEntries: options.maxEntries });
      this.position = undefined;
      if (!isFirst) return;
    }
    this.position = position;
    this.noteEnded(ended, clock());
    this.known.age();
    if (!isComplete) return;
    this.absence = undefined;
    this.noteHeard();
    this.begun?.();
  }

  private goWithout(reason: string): number {
    this.absence = reason;
    this.position = undefined;
    return RECHECK_MS;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AuthError) return error.detail ?? error.publicMessage;
  return error instanceof Error ? error.message : String(error);
}
