/** How guards learn of revoked sessions without asking the database. */
export interface RevocationFeedOptions {
  /** For how long nothing may be heard before `whenBehind` counts, in seconds. @default 30 */
  maxBehindSeconds?: number;
  /**
   * What becomes of a request meanwhile. `check-database` asks as `checkDatabase: true` does, so that a database that is down makes
   * it 503; `refuse` answers 503; `accept` takes access tokens until they expire: **a revoked session then passes**.
   * @default 'check-database'
   */
  whenBehind?: 'check-database' | 'refuse' | 'accept';
  /**
   * How often is asked what was revoked where nobody tells, in milliseconds: with SQLite, and behind a transaction pooler. Where
   * PostgreSQL tells, a tenth as often. @default 1000
   */
  pollIntervalMs?: number;
  /**
   * Whether a process keeps one connection of its own to PostgreSQL, beside the pool, on which it is told at once. @default true
   */
  listen?: boolean;
  /** How many revocations are kept in memory; what is beyond is for the database to tell. @default 1000000 */
  maxEntries?: number;
  /**
   * Whether a session whose claims have changed, such as by a role that was taken away, must refresh before its next request.
   * @default false, so that it has the former ones until its access token expires
   */
  refreshChangedClaims?: boolean;
}

/** With the defaults. */
export function resolveRevocationFeed(options: RevocationFeedOptions = {}): Required<RevocationFeedOptions> {
  return {
    maxBehindSeconds: options.maxBehindSeconds ?? 30,
    whenBehind: options.whenBehind ?? 'check-database',
    pollIntervalMs: options.pollIntervalMs ?? 1000,
    listen: options.listen ?? true,
    maxEntries: options.maxEntries ?? 1_000_000,
    refreshChangedClaims: options.refreshChangedClaims ?? false,
  };
}
