/** A part of what was revoked, as it is handed to another process. */
export interface RevocationPage {
  /** What to ask with the next time; means something to its journal only. */
  position: string;
  /** False where more is there already. */
  isComplete: boolean;
  /** Handles of sessions that have ended. Some may be told twice. */
  ended: string[];
}

/** Tells processes that have no database of their own what was revoked within the last lifetime of an access token. */
export abstract class RevocationJournal {
  /**
   * Waits until there is something new, or until `waitMs` is over.
   * @param input.position as the last page had it; without it, or where this journal does not know it, everything from the beginning
   * @param input.signal ends the wait
   */
  abstract since(input: { position?: string; waitMs: number; signal?: AbortSignal }): Promise<RevocationPage>;
}
