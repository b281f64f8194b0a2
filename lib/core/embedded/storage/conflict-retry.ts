import { setTimeout as delay } from 'node:timers/promises';
import { StorageUnavailableError } from '../../auth.error.js';

const ATTEMPTS = 5;
const FIRST_DELAY_MS = 10;

/** Two transactions were in each other's way and this one was taken back whole: it may be tried again. */
export class StorageConflictError extends StorageUnavailableError {}

/** @param attempt a whole transaction, or a statement outside of one */
export async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StorageConflictError) || number === ATTEMPTS) throw error;
    }
    // Random, so that two who collided do not meet again.
    await delay(Math.random() * FIRST_DELAY_MS * 2 ** number);
  }
}
