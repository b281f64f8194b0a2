import type { VerifiedAccessToken } from './access-token.verifier.js';

/** By how much clocks of processes may differ, and how long a transaction that revokes may take. */
export const CLOCK_TOLERANCE_MS = 600_000;

/**
 * What is known of a token beside its text. `REVOKED`: its session has ended. `UNCERTAIN`: only the database can tell.
 * `CLAIMS_CHANGED`: claims of its user have changed, and the database tells whether the token has the new ones.
 * `BEHIND`: nothing was heard for too long.
 */
export type TokenFinding = 'REVOKED' | 'UNCERTAIN' | 'CLAIMS_CHANGED' | 'BEHIND';

/** Tells at once, without asking anybody, what was heard of a token's session and its user. */
export interface TokenWatch {
  /** @returns undefined for a token that nothing speaks against */
  look(token: VerifiedAccessToken): TokenFinding | undefined;
  /**
   * Before the claims of a token are compared with those that are stored.
   * @returns to be called where they are the same, so that they are not compared again before the next change
   */
  comparing(token: VerifiedAccessToken): () => void;
}

interface RevocationLimits {
  accessTokenLifetimeMs: number;
  maxEntries: number;
  /** Milliseconds since the Unix epoch, as in tokens. */
  clock: () => number;
}

/** Of tokens that were issued until then. */
interface ClaimsChange {
  readonly untilMs: number;
}

class Generation {
  readonly handles = new Set<string>();
  readonly changes = new Map<string, ClaimsChange>();
  newestAtMs = -Infinity;

  constructor(readonly startedAtMs: number) {}

  get size(): number {
    return this.handles.size + this.changes.size;
  }
}

/**
 * What was revoked within one lifetime of an access token, in memory. Entries go by generations, so that none has to be looked
 * for when its time is over: the old generation is dropped when the young one is as old as a token can be, or full. What is dropped
 * before its time leaves a time behind: of tokens that were issued until then nothing is certain any more.
 */
export class KnownRevocations {
  private young: Generation;
  private old: Generation;
  private uncertainUntilMs = -Infinity;
  /** By which change the claims of a token were compared with those that are stored. */
  private readonly compared = new WeakMap<VerifiedAccessToken, ClaimsChange>();
  private readonly retentionMs: number;
  private readonly lifetimeSeconds: number;

  constructor(private readonly options: RevocationLimits) {
    this.retentionMs = options.accessTokenLifetimeMs + CLOCK_TOLERANCE_MS;
    this.lifetimeSeconds = options.accessTokenLifetimeMs / 1000;
    this.young = new Generation(options.clock());
    this.old = new Generation(options.clock());
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  look(token: VerifiedAccessToken): Exclude<TokenFinding, 'BEHIND'> | undefined {
    const { sessionHandle, sub, iat, exp } = token.claims;
    if (this.young.handles.has(sessionHandle) || this.old.handles.has(sessionHandle)) return 'REVOKED';
    // One of a longer lifetime was issued before the option was changed; what was revoked of its time may be forgotten.
    if (iat * 1000 <= this.uncertainUntilMs || exp - iat > this.lifetimeSeconds) return 'UNCERTAIN';
    const change = this.changeOf(sub);
    if (change === undefined || iat * 1000 > change.untilMs) return undefined;
    return this.compared.get(token) === change ? undefined : 'CLAIMS_CHANGED';
  }

  comparing(token: VerifiedAccessToken): () => void {
    const change = this.changeOf(token.claims.sub);
    return () => void (change && this.compared.set(token, change));
  }

  /** @param atMs not before any of the sessions' tokens was issued, save for the tolerance */
  addSessions(handles: readonly string[], atMs: number): void {
    for (const handle of handles) {
      const { handles: known } = this.youngAt(atMs);
      if (!this.old.handles.has(handle)) known.add(handle);
    }
  }

  /** @param atMs as for sessions */
  addClaimsChanges(userIds: readonly string[], atMs: number): void {
    for (const userId of userIds) this.youngAt(atMs).changes.set(userId, { untilMs: atMs + CLOCK_TOLERANCE_MS });
  }

  /** To be called now and then, so that memory is given back also when nothing more is revoked. */
  age(): void {
    const nowMs = this.options.clock();
    if (nowMs - this.young.startedAtMs >= this.retentionMs) this.turn(nowMs);
  }

  private changeOf(userId: string): ClaimsChange | undefined {
    return this.young.changes.get(userId) ?? this.old.changes.get(userId);
  }

  private youngAt(atMs: number): Generation {
    if (this.young.size >= this.options.maxEntries / 2) this.turn(this.options.clock());
    this.young.newestAtMs = Math.max(this.young.newestAtMs, atMs);
    return this.young;
  }

  private turn(nowMs: number): void {
    const dropped = this.old;
    if (dropped.newestAtMs > nowMs - this.retentionMs) {
      this.uncertainUntilMs = Math.max(this.uncertainUntilMs, dropped.newestAtMs + CLOCK_TOLERANCE_MS);
    }
    this.old = this.young;
    this.young = new Generation(nowMs);
  }
}
