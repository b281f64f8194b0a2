import { z } from 'zod';
import {
  type CreateDashboardUserResult,
  DashboardCore,
  type DashboardSession,
  type DashboardSignInResult,
  type DashboardUser,
  type DashboardUserKey,
  type UpdateDashboardUserResult,
} from '../dashboard.core.js';
import { ok } from './core-answers.js';
import type { CoreClient } from './core-client.js';

const user = z
  .object({
    userId: z.string(),
    email: z.string(),
    timeCreated: z.number().nullish(),
    timeJoined: z.number().nullish(),
  })
  // Documents of the wire call it the one, cores of other makers the other.
  .transform(({ userId, email, timeCreated, timeJoined }) => ({
    userId,
    email,
    timeCreated: timeCreated ?? timeJoined ?? 0,
  }));

const mistakes = [
  z.object({ status: z.enum(['EMAIL_ALREADY_EXISTS_ERROR', 'INVALID_EMAIL_ERROR']) }),
  z.object({ status: z.literal('PASSWORD_WEAK_ERROR'), message: z.string() }),
] as const;
const created = z.union([ok.extend({ user }), ...mistakes]);
const updated = z.union([ok.extend({ user }), z.object({ status: z.literal('UNKNOWN_USER_ERROR') }), ...mistakes]);
const deleted = ok.extend({ didUserExist: z.boolean() });
const sessions = ok.extend({
  sessions: z.array(
    z.object({ userId: z.string(), sessionId: z.string(), timeCreated: z.number(), expiry: z.number() }),
  ),
});
const signedIn = z.union([
  ok.extend({ sessionId: z.string() }),
  z.object({ status: z.literal('INVALID_CREDENTIALS_ERROR') }),
  z.object({ status: z.literal('USER_SUSPENDED_ERROR'), message: z.string() }),
]);
const verified = z.union([
  ok.extend({ email: z.string() }),
  z
    .object({ status: z.enum(['INVALID_SESSION_ERROR', 'USER_SUSPENDED_ERROR']) })
    .transform(() => ({ status: 'INVALID_SESSION_ERROR' as const })),
]);

const USER = '/recipe/dashboard/user';
const SESSION = '/recipe/dashboard/session';

export class RemoteDashboardCore extends DashboardCore {
  constructor(private readonly client: CoreClient) {
    super();
  }

  async createUser(body: { email: string; password: string }): Promise<CreateDashboardUserResult> {
    return this.client.call({ method: 'POST', path: USER, body, answer: created });
  }

  async updateUser(input: {
    user: DashboardUserKey;
    newEmail?: string;
    newPassword?: string;
  }): Promise<UpdateDashboardUserResult> {
    const { user: key, newEmail, newPassword } = input;
    return this.client.call({ method: 'PUT', path: USER, body: { ...key, newEmail, newPassword }, answer: updated });
  }

  async deleteUser(key: DashboardUserKey): Promise<{ status: 'OK'; didUserExist: boolean }> {
    return this.client.call({ method: 'DELETE', path: USER, query: { ...key }, answer: deleted });
  }

  async listUsers(): Promise<DashboardUser[]> {
    const answer = ok.extend({ users: z.array(user) });
    return (await this.client.call({ method: 'GET', path: '/recipe/dashboard/users', answer })).users;
  }

  async listSessions(userId: string): Promise<DashboardSession[]> {
    const call = { method: 'GET', path: `${USER}/sessions`, query: { userId }, answer: sessions } as const;
    const found = await this.client.call(call);
    return found.sessions.map(({ sessionId, ...session }) => ({ ...session, sessionHandle: sessionId }));
  }

  async signIn(credentials: { email: string; password: string }): Promise<DashboardSignInResult> {
    const body = { ...credentials, isAttemptCounted: true };
    return this.client.call({ method: 'POST', path: '/recipe/dashboard/signin', body, answer: signedIn });
  }

  async verifySession(
    sessionId: string,
  ): Promise<{ status: 'OK'; email: string } | { status: 'INVALID_SESSION_ERROR' }> {
    const path = `${SESSION}/verify`;
    return this.client.call({ method: 'POST', path, body: { sessionId }, isRepeatable: true, answer: verified });
  }

  async revokeSession(sessionId: string): Promise<{ status: 'OK' }> {
    return this.client.call({ method: 'DELETE', path: SESSION, query: { sessionId }, answer: ok });
  }
}
