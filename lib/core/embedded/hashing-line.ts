import { availableParallelism } from 'node:os';
import { OverloadedError } from '../auth.error.js';

/** Of libuv, unless `UV_THREADPOOL_SIZE` says otherwise. */
const DEFAULT_POOL_THREADS = 4;
const MAX_POOL_THREADS = 1024;

/** How much may be hashed at once, and how much may wait for it. */
export interface HashingLimits {
  /** At least 1. */
  concurrent: number;
  waiting: number;
}

/**
 * As many hashes at once as there are cores, since more of them only take each other's time. One thread of libuv's pool
 * stays free: signatures, files and names of hosts wait for the same threads.
 * @param waitingForEach how many may wait for each that is hashed
 */
export function hashingLimits(
  concurrent: number,
  waitingForEach: number,
  machine = { cores: availableParallelism(), poolThreads: poolThreads(process.env.UV_THREADPOOL_SIZE) },
): HashingLimits {
  const places = concurrent || Math.max(1, Math.min(machine.cores, machine.poolThreads - 1));
  return { concurrent: places, waiting: places * waitingForEach };
}

/** As libuv reads it. */
export function poolThreads(text: string | undefined): number {
  if (text === undefined) return DEFAULT_POOL_THREADS;
  return Math.min(MAX_POOL_THREADS, Math.max(1, Number.parseInt(text, 10) || 1));
}

/** Lets so many work at once; the others wait, first come, first served, or are refused at once where too many wait. */
export class HashingLine {
  private working = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly limits: HashingLimits) {}

  /** @throws {OverloadedError} too many wait; `work` was not begun */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.working < this.limits.concurrent) this.working++;
    else await this.turn();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private turn(): Promise<void> {
    const { size } = this.waiting;
    if (size >= this.limits.waiting) {
      throw new OverloadedError({ detail: `${size} passwords wait to be hashed, and no more may` });
    }
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  /** The place goes from hand to hand, so that nobody who comes in between takes it. */
  private leave(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.working--;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
