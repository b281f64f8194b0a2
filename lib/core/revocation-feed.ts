/** How a process hears of what other processes revoke. `MEMORY`: there are no others. */
export type RevocationTransport = 'MEMORY' | 'LISTEN' | 'POLL' | 'LONG_POLL';

/** How well a process knows what was revoked. */
export interface RevocationFeedState {
  /**
   * `CURRENT`: it knows. `BEHIND`: it has heard nothing for longer than `maxBehindSeconds`, and goes by `whenBehind`. `OFF`: revoked
   * sessions are refused by `checkDatabase` only, or when their access tokens expire.
   */
  status: 'CURRENT' | 'BEHIND' | 'OFF';
  /** Undefined where it is off. */
  transport?: RevocationTransport;
  /** When it last heard all that there was, in milliseconds since the Unix epoch. */
  heardAtMs?: number;
  /** How many revocations it remembers. */
  entries: number;
  /** Why it is off, behind, or does not listen. */
  reason?: string;
}

/**
 * What was revoked within the last lifetime of an access token, as this process knows it: guards refuse such sessions without
 * asking the database. Injectable, for an application's health check.
 *
 * ```ts
 * const { status, reason } = this.revocationFeed.state;
 * ```
 */
export abstract class RevocationFeed {
  /** Costs nothing to ask. */
  abstract get state(): RevocationFeedState;

  /** Calls `listener` whenever the status or the transport becomes another. */
  abstract onChange(listener: (state: RevocationFeedState) => void): void;

  /**
   * Calls `listener` with the handles of sessions that have ended, as soon as this process hears of them: of its own at once,
   * of other processes' when they tell. A handle may come more than once. Where the feed is off, nothing is told.
   */
  onEnded(_listener: (sessionHandles: readonly string[]) => void): void {}
}

/** Where nothing tells what was revoked. */
export class AbsentRevocationFeed extends RevocationFeed {
  constructor(private readonly reason: string) {
    super();
  }

  override get state(): RevocationFeedState {
    return { status: 'OFF', entries: 0, reason: this.reason };
  }

  override onChange(): void {}
}
