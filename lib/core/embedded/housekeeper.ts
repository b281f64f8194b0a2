import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NeedsHousekeeping } from './engine-part.js';

const INTERVAL_MS = 60_000;
const BATCH_SIZE = 500;
const MAX_BATCHES_PER_RUN = 20;

/** Runs the housekeeping of every part once a minute, without keeping the process alive for it. */
export class Housekeeper {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> | undefined;

  /** @param atOnce for what may be closed before the first minute is over */
  constructor(
    private readonly parts: NeedsHousekeeping[],
    atOnce = false,
  ) {
    this.timer = setInterval(() => void this.run(), INTERVAL_MS);
    this.timer.unref();
    if (atOnce) void this.run();
  }

  /** Never fails: what could not be done now is done next time. */
  async run(): Promise<void> {
    this.running ??= this.runAll().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async runAll(): Promise<void> {
    await Promise.allSettled(this.parts.map((part) => part.housekeep()));
  }
}

/**
 * Deletes in small batches with room between them for everything else that waits for the database.
 * @param deleteSome deletes at most so many rows and says how many there were
 */
export async function deleteInBatches(
  deleteSome: (limit: number) => Promise<number>,
  maxBatches = MAX_BATCHES_PER_RUN,
): Promise<void> {
  for (let batch = 0; batch < maxBatches; batch++) {
    const deleted = await deleteSome(BATCH_SIZE);
    if (deleted < BATCH_SIZE) return;
    await nextTurn();
  }
}
