import type { AuditListInput, NewAuditEntry } from '../../core/audit.core.js';
import type { RevocationFeedState } from '../../core/revocation-feed.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import type { UserContext } from '../../http/user-context.js';
import type { DashboardActor } from './dashboard-actor.js';
import type { DashboardConfig } from './dashboard.options.js';

/** The input of `DashboardFunctions.getDashboardBundleLocation`. */
export interface GetDashboardBundleLocationInput {
  userContext: UserContext;
}

/** The input of `DashboardFunctions.getActor`. */
export interface GetActorInput {
  req: BaseRequest;
  res: BaseResponse;
  /** Whether the route changes something. */
  isWrite: boolean;
  userContext: UserContext;
}

/** The input of `DashboardFunctions.shouldAllowAccess`. */
export interface ShouldAllowAccessInput {
  /** As `getActor` found; undefined for nobody. */
  actor: DashboardActor | undefined;
  /** The name of the API method, such as `userDELETE`: it is what is allowed or not, never the text of the address. */
  method: string;
  /** Whether it changes something. */
  isWrite: boolean;
  req: BaseRequest;
  config: DashboardConfig;
  userContext: UserContext;
}

/** The input of `DashboardFunctions.signIn`. */
export interface DashboardSignInInput {
  email: string;
  password: string;
  userContext: UserContext;
}

/** The input of `DashboardFunctions.signOut`. */
export interface DashboardSignOutInput {
  /** As `signIn` gave it. */
  sessionId: string;
  userContext: UserContext;
}

/** The input of `DashboardFunctions.recordAuditEntry`. */
export interface RecordAuditEntryInput {
  entry: NewAuditEntry;
  userContext: UserContext;
}

/** The input of `DashboardFunctions.getAuditEntries`. */
export interface GetAuditEntriesInput extends AuditListInput {
  userContext: UserContext;
}

/** How an application is, as far as its dashboard shows it. */
export interface DashboardHealth {
  database: { isReachable: boolean; message?: string };
  /** Absent over a core in another process. */
  outbox?: { waiting: number; oldestSeconds?: number; givenUp: number };
  /** Of the key that signs access tokens; absent over a core in another process. */
  signingKey?: { ageSeconds: number; isDue: boolean };
  /** Whether revoked sessions are refused at once. */
  revocations: RevocationFeedState['status'];
}

/** The input of functions that need no other. */
export interface DashboardContextInput {
  userContext: UserContext;
}
