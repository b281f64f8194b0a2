import { RevocationFeed, type RevocationFeedState, type RevocationTransport } from '../revocation-feed.js';
import type { RevocationFeedOptions } from '../revocation-feed.options.js';
import { KnownRevocations, type TokenFinding, type TokenWatch } from './known-revocations.js';
import type { VerifiedAccessToken } from './access-token.verifier.js';

export interface RevocationWatchDependencies {
  options: Required<RevocationFeedOptions>;
  accessTokenLifetimeMs: number;
  /** Milliseconds since the Unix epoch, as in tokens. */
  clock: () => number;
}

/** What every process does with revocations, however it hears of them. */
export abstract class RevocationWatch extends RevocationFeed implements TokenWatch {
  protected known: KnownRevocations;
  private readonly listeners: ((state: RevocationFeedState) => void)[] = [];
  private readonly endListeners: ((sessionHandles: readonly string[]) => void)[] = [];
  private readonly maxBehindMs: number;
  private status: 'CURRENT' | 'BEHIND' = 'CURRENT';
  private reason: string | undefined;
  /** The clock of the machine goes on while the process sleeps; the other one goes on when that one is set back. */
  private heardAtMs = Date.now();
  private heardAtElapsedMs = performance.now();
  private behindFromMs = Infinity;

  constructor(
    protected readonly engine: RevocationWatchDependencies,
    private transport: RevocationTransport,
  ) {
    super();
    const { accessTokenLifetimeMs, clock, options } = engine;
    this.known = new KnownRevocations({ accessTokenLifetimeMs, clock, maxEntries: options.maxEntries });
    this.maxBehindMs = transport === 'MEMORY' ? Infinity : options.maxBehindSeconds * 1000;
  }

  override get state(): RevocationFeedState {
    if (Date.now() > this.behindFromMs) this.fallBehind();
    const { status, transport, heardAtMs, reason } = this;
    const entries = this.known.size;
    return reason === undefined
      ? { status, transport, heardAtMs, entries }
      : { status, transport, heardAtMs, entries, reason };
  }

  override onChange(listener: (state: RevocationFeedState) => void): void {
    this.listeners.push(listener);
  }

  override onEnded(listener: (sessionHandles: readonly string[]) => void): void {
    this.endListeners.push(listener);
  }

  look(token: VerifiedAccessToken): TokenFinding | undefined {
    const finding = this.known.look(token);
    if (finding === 'REVOKED' || Date.now() <= this.behindFromMs) return finding;
    this.fallBehind();
    const { whenBehind } = this.engine.options;
    if (whenBehind === 'accept') return finding;
    return whenBehind === 'refuse' ? 'BEHIND' : 'UNCERTAIN';
  }

  comparing(token: VerifiedAccessToken): () => void {
    return this.known.comparing(token);
  }

  /** Asks for what is new, now; never fails. */
  protected abstract catchUp(): Promise<void>;

  /** @param atMs as `KnownRevocations.addSessions` takes it */
  protected noteEnded(sessionHandles: readonly string[], atMs: number): void {
    if (sessionHandles.length === 0) return;
    this.known.addSessions(sessionHandles, atMs);
    for (const listener of this.endListeners) listener(sessionHandles);
  }

  /** Everything that there is was heard. */
  protected noteHeard(): void {
    this.heardAtMs = Date.now();
    this.heardAtElapsedMs = performance.now();
    this.behindFromMs = this.heardAtMs + this.maxBehindMs;
    if (this.status === 'BEHIND') this.change({ status: 'CURRENT', reason: undefined });
  }

  protected noteFailed(reason: string): void {
    if (performance.now() - this.heardAtElapsedMs > this.maxBehindMs) this.behindFromMs = -Infinity;
    if (Date.now() > this.behindFromMs) this.fallBehind(reason);
  }

  /** @param reason why it is not a better one */
  protected noteTransport(transport: RevocationTransport, reason?: string): void {
    if (transport === this.transport && reason === this.reason) return;
    if (this.status === 'CURRENT') this.change({ transport, reason });
    else this.transport = transport;
  }

  private fallBehind(reason?: string): void {
    if (this.status === 'BEHIND') return;
    this.change({
      status: 'BEHIND',
      reason: reason ?? `nothing was heard since ${new Date(this.heardAtMs).toISOString()}`,
    });
    void this.catchUp();
  }

  private change(change: {
    status?: 'CURRENT' | 'BEHIND';
    transport?: RevocationTransport;
    reason: string | undefined;
  }) {
    const { status = this.status, transport = this.transport, reason } = change;
    Object.assign(this, { status, transport, reason });
    for (const listener of this.listeners) listener(this.state);
  }
}
