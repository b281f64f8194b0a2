import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../core/audit.core.js';
import type { DashboardApiInput } from './dashboard-access.api.js';
import { DashboardRolesApi } from './dashboard-roles.api.js';

/** The input of `DashboardApi.auditGET`. */
export interface AuditGETInput extends DashboardApiInput {
  limit?: number;
  paginationToken?: string;
  /** Only entries about this user. */
  userId?: string;
}

/** A page of what was done. */
export interface AuditGETResponse {
  status: 'OK';
  /** False where a core of another maker keeps no entries: they are in the log. */
  isKept: boolean;
  entries: AuditEntry[];
  nextPaginationToken?: string;
}

/** What was done. */
@Injectable()
export class DashboardOperationsApi extends DashboardRolesApi {
  /** `GET /api/audit`: what was done here, the latest first. */
  async auditGET(input: AuditGETInput): Promise<AuditGETResponse> {
    const { limit, paginationToken, userId, options, userContext } = input;
    const functions = options.recipeImplementation;
    const page = await functions.getAuditEntries({ limit, paginationToken, userId, userContext });
    return page === undefined ? { status: 'OK', isKept: false, entries: [] } : { status: 'OK', isKept: true, ...page };
  }
}
