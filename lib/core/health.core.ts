/** What a core knows of its own state. */
export interface CoreHealth {
  /** Emails and text messages that somebody waits for, in the outbox that all processes share. */
  outbox: {
    waiting: number;
    /** When the one that waits for longest was written, in milliseconds since the Unix epoch. Undefined where none waits. */
    oldestAtMs?: number;
    /** Those that were given up, and may be tried again until they expire. */
    givenUp: number;
  };
  signingKey: {
    /** When the key that signs access tokens now was made, in milliseconds since the Unix epoch. */
    createdAtMs: number;
    /** When the next one is to be made, in milliseconds since the Unix epoch. */
    dueAtMs: number;
  };
}

/** How the core is. Its answer comes from the database, so that one says that it can be reached. */
export abstract class HealthCore {
  /** @throws {StorageUnavailableError | Error} the database does not answer */
  abstract health(): Promise<CoreHealth>;
}
