import type { Attempt } from './attempt-action.js';

/** What routes ask before they do what nobody may do as often as they like. */
export abstract class AttemptGate {
  /** Whether those who come too often are told in the form that every client shows; else by 429. */
  abstract readonly answersGeneralError: boolean;

  /**
   * Does `work` if there is room for the attempt, and takes from its outcome what the attempt was.
   * @param work what is attempted
   * @throws {TooManyAttemptsError}
   */
  abstract pass<T>(attempt: Attempt, work: () => Promise<T>): Promise<T>;
}
