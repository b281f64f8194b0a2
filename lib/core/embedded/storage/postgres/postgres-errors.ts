import { BadInputError, StorageUnavailableError } from '../../../auth.error.js';
import { StorageConflictError } from '../conflict-retry.js';

/*
 * By SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html. What has none comes from
 * the socket or from pg, which then has no usable connection any more.
 */

/** serialization_failure, deadlock_detected. */
const CONFLICT = /^40(001|P01)$/;

/**
 * Connection exceptions, authentication (a password may be rotated), a missing database, read-only (after a
 * failover: we talk to a replica), lack of resources, locks and statements that took too long, shutdown, I/O.
 */
const UNAVAILABLE = /^(08|28|3D000|25006|25P03|25P04|40|53|55P03|57014|57P|58)/;

/** What the server ends the connection after, or what a new connection may fix. */
const LOST = /^(08|25006|25P03|25P04|57P)/;

/** A text too long for an index, or with a NUL in it. */
const UNFIT_TEXT = /^(22021|54000)$/;

const INSUFFICIENT_PRIVILEGE = '42501';

const ADVISORY_LOCKS_MISSING = new Set(['0A000', '42883', INSUFFICIENT_PRIVILEGE]);

/** duplicate_schema, duplicate_table, and unique_violation in the catalogue, as happens when two create one thing. */
const MADE_BY_ANOTHER = new Set(['42P06', '42P07', '23505']);

const IN_FAILED_TRANSACTION = '25P02';

/** @returns a SQLSTATE, or a code of Node such as ECONNREFUSED */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the connection must not be used again. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined ? !(error instanceof TypeError) : LOST.test(state);
}

export function isInFailedTransaction(error: unknown): boolean {
  return sqlState(error) === IN_FAILED_TRANSACTION;
}

/** Whether the server took the transaction back because of others. */
export function isConflict(error: unknown): boolean {
  return CONFLICT.test(sqlState(error) ?? '');
}

export function isForbidden(error: unknown): boolean {
  return sqlState(error) === INSUFFICIENT_PRIVILEGE;
}

export function lacksAdvisoryLocks(error: unknown): boolean {
  return ADVISORY_LOCKS_MISSING.has(sqlState(error) ?? '');
}

export function isMadeByAnother(error: unknown): boolean {
  return MADE_BY_ANOTHER.has(sqlState(error) ?? '');
}

export function toStorageError(error: unknown): unknown {
  if (error instanceof StorageUnavailableError) return error;
  const state = sqlState(error);
  if (state === undefined) return isConnectionLost(error) ? unavailable(error) : error;
  if (CONFLICT.test(state)) return new StorageConflictError({ detail: state, cause: error });
  if (UNFIT_TEXT.test(state)) return unfitText(error);
  return UNAVAILABLE.test(state) ? unavailable(error) : error;
}

export function unfitText(cause?: unknown): BadInputError {
  return new BadInputError('A text is too long or has characters that cannot be stored', { cause });
}

function unavailable(error: unknown): StorageUnavailableError {
  return new StorageUnavailableError({ detail: describe(error), cause: error });
}

/** Neither Node nor pg put a password into these. */
export function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  if (code === undefined || message.includes(code)) return message;
  return message === '' ? code : `${code}: ${message}`;
}

function sqlState(error: unknown): string | undefined {
  const code = errorCode(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && isFromServer(error) ? code : undefined;
}

/** Node has codes of five letters as well: EPIPE. */
function isFromServer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'severity' in error;
}
