import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Tables } from './tables.js';

/**
 * How old sessions may get. What is older is not there, whatever its row says: the row may be older than the limit. One whose
 * time since its last refresh is over is not there either, even while its row is.
 */
export class SessionAge {
  /** @param maxMs 0 for no limit */
  constructor(private readonly maxMs = 0) {}

  /** @returns `expiresAtMs`, or the end of the session's greatest age where that comes first */
  cut(expiresAtMs: number, createdAtMs: number): number {
    return this.maxMs === 0 ? expiresAtMs : Math.min(expiresAtMs, createdAtMs + this.maxMs);
  }

  /** A session that was made then, or before, is too old. */
  tooOldAtMs(nowMs: number): number {
    return nowMs - this.maxMs;
  }

  /**
   * For statements over sessions.
   * @param tooOldAtMs given by statements that are compiled before the time is known
   */
  isLive(nowMs: number, tooOldAtMs: number = this.tooOldAtMs(nowMs)) {
    return (eb: ExpressionBuilder<Tables, 'latchkey_sessions'>): Expression<SqlBool> => {
      const hasTime = eb('expires_at_ms', '>', nowMs);
      return this.maxMs === 0 ? hasTime : eb.and([hasTime, eb('created_at_ms', '>', tooOldAtMs)]);
    };
  }
}
