import { setTimeout as delay } from 'node:timers/promises';
import { isBusy } from './sqlite-errors.js';

/** How long one may wait for a database that others are writing to. */
export const BUSY_RETRY_MS = 5000;

/**
 * SQLite would wait by itself, but asleep, with the event loop of this process. Waiting out here lets a
 * transaction of this process that holds the lock go on and release it.
 *
 * @param attempt a whole statement outside a transaction: a busy one has done nothing
 */
export async function retryWhileBusy<T>(attempt: () => T, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    // Random, so that two who collided do not meet again.
    await delay(1 + Math.random() * 10);
  }
}
