declare module './engine-options.js' {
  interface EngineOptions {
    /** How long users of the dashboard stay signed in, in hours. @default 12 */
    dashboardSessionLifetimeHours?: number;
  }
}

/** Somebody who may sign in to the dashboard: no user of the application. */
export interface DashboardUser {
  userId: string;
  email: string;
  /** Milliseconds since the Unix epoch. */
  timeCreated: number;
}

/** A session of the dashboard, without what would let anybody in. */
export interface DashboardSession {
  /** Ends the session by `revokeSession`; opens nothing. */
  sessionHandle: string;
  userId: string;
  /** Milliseconds since the Unix epoch. */
  timeCreated: number;
  /** Milliseconds since the Unix epoch. */
  expiry: number;
}

/** By one of them. */
export type DashboardUserKey = { userId: string } | { email: string };

/** Why an email or a password is not taken. */
export type DashboardUserMistake =
  { status: 'INVALID_EMAIL_ERROR' } | { status: 'PASSWORD_WEAK_ERROR'; message: string };

export type CreateDashboardUserResult =
  { status: 'OK'; user: DashboardUser } | { status: 'EMAIL_ALREADY_EXISTS_ERROR' } | DashboardUserMistake;

export type UpdateDashboardUserResult = CreateDashboardUserResult | { status: 'UNKNOWN_USER_ERROR' };

/** The outcome of a sign-in to the dashboard. */
export type DashboardSignInResult =
  | { status: 'OK'; sessionId: string }
  /** An unknown email and a wrong password are the same answer. */
  | { status: 'INVALID_CREDENTIALS_ERROR' }
  /** Of a core of another maker, which lets only some of the users in. */
  | { status: 'USER_SUSPENDED_ERROR'; message: string };

/** How long a password of the dashboard must be. NIST SP 800-63B-4 §3.1.1.2 wants 15 where it is the only factor, and at least 8. */
export const MIN_DASHBOARD_PASSWORD_LENGTH = 12;
export const MAX_DASHBOARD_PASSWORD_LENGTH = 1000;

/** Who may sign in to the dashboard, and their sessions. They are the app's, in no tenant. */
export abstract class DashboardCore {
  abstract createUser(input: { email: string; password: string }): Promise<CreateDashboardUserResult>;

  /** A new password, or a new email, ends the sessions of the user. */
  abstract updateUser(input: {
    user: DashboardUserKey;
    newEmail?: string;
    newPassword?: string;
  }): Promise<UpdateDashboardUserResult>;

  /** With the sessions. */
  abstract deleteUser(user: DashboardUserKey): Promise<{ status: 'OK'; didUserExist: boolean }>;

  /** The oldest first. */
  abstract listUsers(): Promise<DashboardUser[]>;

  /** Those that have not ended. */
  abstract listSessions(userId: string): Promise<DashboardSession[]>;

  /** An unknown email costs the same time as a wrong password. The session ends by itself after the lifetime of the options. */
  abstract signIn(input: { email: string; password: string }): Promise<DashboardSignInResult>;

  /** @param sessionId as `signIn` gave it */
  abstract verifySession(
    sessionId: string,
  ): Promise<{ status: 'OK'; email: string } | { status: 'INVALID_SESSION_ERROR' }>;

  /** Also OK where there is no such session. @param sessionId as `signIn` gave it, or a handle */
  abstract revokeSession(sessionId: string): Promise<{ status: 'OK' }>;
}
