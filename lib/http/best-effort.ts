import { Logger } from '@nestjs/common';
import { logLine } from '../core/log-line.js';

/**
 * For what follows something that is done and cannot be taken back, such as forgetting what was counted: the caller hears of what
 * was done, and the log of what failed.
 * @param what failed then, as the beginning of a sentence
 */
export async function bestEffort(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    new Logger('Latchkey').warn(logLine(`${what} failed, and what came before it was done: ${String(error)}`));
  }
}
