import { BadInputError } from './auth.error.js';
import type { JsonObject } from './json.types.js';

declare module './engine-options.js' {
  interface EngineOptions {
    /** How long what was done in the dashboard is remembered, in days. @default 365 */
    auditLifetimeDays?: number;
  }
}

/** What somebody has changed. It names whom and what by ids: no contents, and no secret. */
export interface NewAuditEntry {
  /** What was done, such as `userDELETE`. */
  action: string;
  /** Who did it. */
  actor: JsonObject;
  tenantId: string;
  /** Whom it was about. */
  userId?: string;
  /** Where the request came from. */
  address?: string;
  detail: JsonObject;
}

/** An entry as it is kept. */
export interface AuditEntry extends NewAuditEntry {
  entryId: string;
  /** Milliseconds since the Unix epoch. */
  time: number;
}

/** Which page of the entries. */
export interface AuditListInput {
  /** 1 to 500. @default 50 */
  limit?: number;
  /** As returned with the page before. */
  paginationToken?: string;
  /** Only entries about this user. */
  userId?: string;
}

/** Some entries, the latest first. */
export interface AuditPage {
  entries: AuditEntry[];
  /** Absent on the last page. */
  nextPaginationToken?: string;
}

/** What was done, by whom and when. Entries are never changed; they stay when the user they are about is deleted. */
export abstract class AuditCore {
  /** Within the caller's transaction if there is one. @returns whether this core keeps it */
  abstract record(entry: NewAuditEntry): Promise<boolean>;

  /**
   * @returns undefined from a core that keeps none
   * @throws {BadInputError} a limit out of range, or a token that is not ours
   */
  abstract list(input: AuditListInput): Promise<AuditPage | undefined>;
}

/** @throws {BadInputError} it is out of range */
export function checkedAuditLimit(limit: number = 50): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 500) return limit;
  throw new BadInputError('limit must be a whole number from 1 to 500');
}
