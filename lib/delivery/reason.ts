import { logLine } from '../core/log-line.js';

/** The message of an error, or of whatever else was thrown. */
export function reasonOf(error: unknown): string {
  return logLine(error instanceof Error ? error.message : error);
}
