import { StorageUnavailableError } from '../../../auth.error.js';

/** Another connection is writing, or checkpoints, or recovers; it passes. */
const BUSY = /^SQLITE_(BUSY|LOCKED)/;

/** The file or its disk does not serve at present; the statement itself was right. */
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|IOERR|FULL|CANTOPEN|READONLY|NOMEM|PROTOCOL)/;

export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function isBusy(error: unknown): boolean {
  return BUSY.test(errorCode(error) ?? '');
}

export function toStorageError(error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined || !UNAVAILABLE.test(code)) return error;
  return new StorageUnavailableError({ detail: code, cause: error });
}
