import { StorageUnavailableError } from '../../../auth.error.js';

/** Another connection is writing, or checkpoints, or recovers; it passes. */
const BUSY = /^SQLITE_(BUSY|LOCKED)/;

/** The file or its disk does not serve at present; the statement itself was right. */
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|IOERR|FULL|CANTOPEN|READONLY|NOMEM|PROTOCOL)/;

/** What `node:sqlite` gives as numbers. @see https://sqlite.org/rescode.html */
const PRIMARY_CODES: Record<number, string> = {
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  26: 'SQLITE_NOTADB',
};

/** @returns SQLite's name of it, as better-sqlite3 gives it, or the code of an error of Node */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  // The upper bits say more of the same: SQLITE_BUSY_SNAPSHOT.
  if ('errcode' in error) return PRIMARY_CODES[Number(error.errcode) & 0xff];
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
