import { availableParallelism } from 'node:os';
import type { LineLimits } from '../bounded-line.js';

/** Of libuv, unless `UV_THREADPOOL_SIZE` says otherwise. */
const DEFAULT_POOL_THREADS = 4;
const MAX_POOL_THREADS = 1024;

/**
 * As many hashes at once as there are cores, since more of them only take each other's time. One thread of libuv's pool
 * stays free: signatures, files and names of hosts wait for the same threads.
 * @param waitingForEach how many may wait for each that is hashed
 */
export function hashingLimits(
  concurrent: number,
  waitingForEach: number,
  machine = { cores: availableParallelism(), poolThreads: poolThreads(process.env.UV_THREADPOOL_SIZE) },
): LineLimits {
  const places = concurrent || Math.max(1, Math.min(machine.cores, machine.poolThreads - 1));
  return { concurrent: places, waiting: places * waitingForEach };
}

/** As libuv reads it. */
export function poolThreads(text: string | undefined): number {
  if (text === undefined) return DEFAULT_POOL_THREADS;
  return Math.min(MAX_POOL_THREADS, Math.max(1, Number.parseInt(text, 10) || 1));
}
