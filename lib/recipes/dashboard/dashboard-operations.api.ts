import { Inject, Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../core/audit.core.js';
import { OverriddenMethods, type OverriddenMethod } from '../../override/overridden-methods.js';
import type { DashboardApiInput } from './dashboard-access.api.js';
import type { DashboardHealth } from './dashboard.functions.types.js';
import { DashboardTenantsApi } from './dashboard-tenants.api.js';

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

/** Which class overrides what, in the order in which they are called. */
export interface OverridesGETResponse {
  status: 'OK';
  /** The names of all recipes. */
  recipes: string[];
  overrides: OverriddenMethod[];
}

/** How the application is made, how it is, and what was done. */
@Injectable()
export class DashboardOperationsApi extends DashboardTenantsApi {
  @Inject(OverriddenMethods) private readonly overriddenMethods!: OverriddenMethods;

  /** `GET /api/overrides`: what the application overrides. */
  async overridesGET(_input: DashboardApiInput): Promise<OverridesGETResponse> {
    const { recipes, overrides } = this.overriddenMethods;
    return { status: 'OK', recipes, overrides };
  }

  /** `GET /api/health`: also answers where the database does not. */
  async healthGET({ options, userContext }: DashboardApiInput): Promise<{ status: 'OK' } & DashboardHealth> {
    return { status: 'OK', ...(await options.recipeImplementation.getHealth({ userContext })) };
  }

  /** `POST /api/outbox/retry`: sends again what was given up and has not expired. */
  async outboxRetryPOST({ options, userContext }: DashboardApiInput): Promise<{ status: 'OK'; retried: number }> {
    return { status: 'OK', retried: await options.recipeImplementation.retryMessages({ userContext }) };
  }

  /** `GET /api/audit`: what was done here, the latest first. */
  async auditGET(input: AuditGETInput): Promise<AuditGETResponse> {
    const { limit, paginationToken, userId, options, userContext } = input;
    const functions = options.recipeImplementation;
    const page = await functions.getAuditEntries({ limit, paginationToken, userId, userContext });
    return page === undefined ? { status: 'OK', isKept: false, entries: [] } : { status: 'OK', isKept: true, ...page };
  }
}
