import { logLine } from '../core/log-line.js';

/**
 * The message of an error, or of whatever else was thrown, for the log.
 * @param secrets what it must not repeat
 */
export function reasonOf(error: unknown, secrets: readonly string[] = []): string {
  return logLine(error instanceof Error ? error.message : error, secrets);
}
