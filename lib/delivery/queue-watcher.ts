/** A delivery that wants to know when there is nothing left to send, as those of tests do. */
export interface QueueWatcher {
  /**
   * Called once, before the first message.
   * @param queue `idle` resolves once every message of the process has been tried
   */
  watchQueue(queue: { idle(): Promise<void> }): void;
}
