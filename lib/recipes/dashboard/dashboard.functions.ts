import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AttemptLimits } from '../../attempts/attempt-limits.js';
import { PUBLIC_TENANT_ID } from '../../core/core.js';
import { AuditCore, type AuditPage } from '../../core/audit.core.js';
import { DashboardCore, type DashboardSignInResult } from '../../core/dashboard.core.js';
import { equalText } from '../../core/equal-text.js';
import type { BaseRequest } from '../../http/base-request.js';
import { Sessions } from '../session/index.js';
import { DashboardHealthCheck } from './dashboard-health-check.js';
import { MessageQueue } from '../../delivery/message-queue.js';
import type { DashboardActor } from './dashboard-actor.js';
import { DashboardRefusedError } from './dashboard-refused.error.js';
import type {
  DashboardContextInput,
  DashboardHealth,
  DashboardSignInInput,
  DashboardSignOutInput,
  GetActorInput,
  GetAuditEntriesInput,
  GetDashboardBundleLocationInput,
  RecordAuditEntryInput,
  ShouldAllowAccessInput,
} from './dashboard.functions.types.js';
import { DASHBOARD_CONFIG, type DashboardConfig } from './dashboard.options.js';
import { OtherRecipes } from './other-recipes.js';

const BEARER = /^Bearer ([\x21-\x7e]{1,4000})$/i;
const JWT = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

/** Who may use the dashboard, and where its page is. Override any of it by a subclass. */
@Injectable()
export class DashboardFunctions {
  @Inject(DashboardCore) protected readonly dashboardCore!: DashboardCore;
  @Inject(AuditCore) protected readonly auditCore!: AuditCore;
  @Inject(DASHBOARD_CONFIG) protected readonly dashboardConfig!: DashboardConfig;
  @Inject(Sessions) protected readonly sessions!: Sessions;
  @Inject(AttemptLimits) protected readonly attemptLimits!: AttemptLimits;
  @Inject(OtherRecipes) private readonly otherRecipes!: OtherRecipes;
  @Inject(DashboardHealthCheck) private readonly healthCheck!: DashboardHealthCheck;
  @Inject(MessageQueue) private readonly messageQueue!: MessageQueue;

  /** Where a page other than ours is served from. @returns undefined for our own */
  async getDashboardBundleLocation(_input: GetDashboardBundleLocationInput): Promise<string | undefined> {
    return this.dashboardConfig.bundleLocation;
  }

  /**
   * Who sends a request: the holder of the API key, a user of the dashboard, or a user of the application with the permission
   * `dashboard:read` or `dashboard:write` in the tenant `public`.
   * @returns undefined for nobody of them
   * @throws {TooManyAttemptsError} too many wrong keys came from there
   * @throws {TryRefreshTokenError} the access token of the application has expired
   */
  async getActor(input: GetActorInput): Promise<DashboardActor | undefined> {
    const token = bearerOf(input.req);
    if (token === undefined) return this.actorBySession(input);
    const attempt = { action: 'dashboardKey', tenantId: PUBLIC_TENANT_ID, userContext: input.userContext };
    const counted = await this.attemptLimits.count(attempt);
    const actor = await (JWT.test(token) ? this.actorBySession(input) : this.actorByToken(token));
    if (actor !== undefined) await this.attemptLimits.succeed(counted);
    return actor;
  }

  /**
   * Asked before anything of the request is read.
   * @returns false refuses it: 401 where nobody is known, else 403
   */
  async shouldAllowAccess({ actor, isWrite }: ShouldAllowAccessInput): Promise<boolean> {
    return actor !== undefined && (!isWrite || actor.mayWrite);
  }

  /** Signs in to the dashboard itself. */
  async signIn({ email, password }: DashboardSignInInput): Promise<DashboardSignInResult> {
    return this.dashboardCore.signIn({ email, password });
  }

  /** Ends a session of the dashboard. Also OK for one that has ended. */
  async signOut({ sessionId }: DashboardSignOutInput): Promise<{ status: 'OK' }> {
    return this.dashboardCore.revokeSession(sessionId);
  }

  /**
   * Keeps an entry, in the transaction of the change that it tells of.
   * @returns false where the core keeps none: then it goes to the log
   */
  async recordAuditEntry({ entry }: RecordAuditEntryInput): Promise<boolean> {
    return this.auditCore.record(entry);
  }

  /** @returns undefined from a core that keeps none. @throws {BadInputError} a limit out of range, or a token that is not ours */
  async getAuditEntries({ limit, paginationToken, userId }: GetAuditEntriesInput): Promise<AuditPage | undefined> {
    return this.auditCore.list({ limit, paginationToken, userId });
  }

  /** How the application is. It does not throw where the database does not answer. */
  async getHealth(_input: DashboardContextInput): Promise<DashboardHealth> {
    return this.healthCheck.check();
  }

  /** Sends emails and text messages again that were given up and have not expired. @returns how many there are */
  async retryMessages(_input: DashboardContextInput): Promise<number> {
    return this.messageQueue.retryGivenUp();
  }

  private async actorByToken(token: string): Promise<DashboardActor | undefined> {
    const { apiKey, admins } = this.dashboardConfig;
    if (apiKey !== undefined && equalText(hashOf(apiKey), hashOf(token))) return { type: 'apiKey', mayWrite: true };
    const found = await this.dashboardCore.verifySession(token);
    if (found.status !== 'OK') return undefined;
    const { email } = found;
    return { type: 'dashboardUser', email, mayWrite: admins === undefined || admins.has(email) };
  }

  /**
   * Permissions as they are stored now: the claim may be older. Those that somebody has in a tenant of a customer count there only,
   * and the dashboard shows all of them.
   */
  private async actorBySession({ req, res, isWrite, userContext }: GetActorInput): Promise<DashboardActor | undefined> {
    const roles = this.otherRecipes.userRoles;
    if (roles === undefined) return undefined;
    const session = await this.sessions.getSession(
      req,
      res,
      { sessionRequired: false, antiCsrfCheck: false, checkDatabase: true },
      userContext,
    );
    if (session?.getTenantId() !== PUBLIC_TENANT_ID) return undefined;
    const [userId, tenantId] = [session.getUserId(), PUBLIC_TENANT_ID];
    const { permissions } = await roles.getPermissionsForUser({ userId, tenantId, userContext });
    const mayWrite = permissions.includes('dashboard:write');
    if (!mayWrite && !permissions.includes('dashboard:read')) return undefined;
    if (isWrite && bearerOf(req) === undefined) assertSaysWhereFrom(req);
    return { type: 'session', userId, tenantId, mayWrite };
  }
}

/** @returns what a request brings to be let in */
export function bearerOf(request: BaseRequest): string | undefined {
  return BEARER.exec(request.getHeaderValue('authorization') ?? '')?.[1];
}

/**
 * Origins of others are refused by every route. What names none would pass there, since it has no cookies: here it has.
 * @throws {DashboardRefusedError}
 */
function assertSaysWhereFrom(request: BaseRequest): void {
  const says = request.getHeaderValue('origin') ?? request.getHeaderValue('rid');
  if (says !== undefined || request.getHeaderValue('sec-fetch-site') === 'same-origin') return;
  throw new DashboardRefusedError(403, 'A change with the cookies of a session needs the header rid');
}

/** Texts of one length, so that comparing them tells nothing of the key. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
