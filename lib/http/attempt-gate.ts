import type { Attempt } from './attempt-action.js';

/** What routes ask before they do what nobody may do as often as they like. */
export abstract class AttemptGate {
  /** Whether those who come too often are told in the form that every client shows; else by 429. */
  abstract readonly answersGeneralError: boolean;

  /**
   * @returns what to call once the attempt has succeeded
   * @throws {TooManyAttemptsError}
   */
  abstract pass(attempt: Attempt): Promise<() => Promise<void>>;
}
