import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  type CreateDashboardUserResult,
  DashboardCore,
  type DashboardSession,
  type DashboardSignInResult,
  type DashboardUser,
  type DashboardUserKey,
  type DashboardUserMistake,
  MAX_DASHBOARD_PASSWORD_LENGTH,
  MIN_DASHBOARD_PASSWORD_LENGTH,
  type UpdateDashboardUserResult,
} from '../dashboard.core.js';
import { normaliseEmail, parseEmailAddress } from '../email-address.js';
import { equalText } from '../equal-text.js';
import type { BoundedPasswordHasher } from './bounded-password-hasher.js';
import type { NeedsHousekeeping } from './engine-part.js';
import { deleteInBatches } from './housekeeper.js';
import { Passwords } from './passwords.js';
import { DashboardStorage, type DashboardUserRow } from './storage/dashboard.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

interface EmbeddedDashboardDependencies {
  database: SqlAuthDatabase;
  passwordHasher: BoundedPasswordHasher;
  /** A hash by `passwordHasher` that no password matches; made when somebody first signs in. */
  dummyHash(): Promise<string>;
  sessionLifetimeMs: number;
  clock: () => number;
}

const SESSION_ID = /^([\w-]{22})\.([\w-]{43})$/;

export class EmbeddedDashboardCore extends DashboardCore implements NeedsHousekeeping {
  private readonly storage: DashboardStorage;
  private passwords: Promise<Passwords> | undefined;

  constructor(private readonly engine: EmbeddedDashboardDependencies) {
    super();
    this.storage = new DashboardStorage(engine.database);
  }

  async createUser(input: { email: string; password: string }): Promise<CreateDashboardUserResult> {
    const email = normaliseEmail(input.email);
    const mistake = mistakeOf(email, input.password);
    if (mistake !== undefined) return mistake;
    const password_hash = await (await this.hashing()).hash(input.password);
    const row = { user_id: randomUUID(), email, password_hash, time_created_ms: this.engine.clock() };
    if (!(await this.storage.insertUser(row))) return { status: 'EMAIL_ALREADY_EXISTS_ERROR' };
    return { status: 'OK', user: userOf(row) };
  }

  async updateUser(input: {
    user: DashboardUserKey;
    newEmail?: string;
    newPassword?: string;
  }): Promise<UpdateDashboardUserResult> {
    const newEmail = input.newEmail === undefined ? undefined : normaliseEmail(input.newEmail);
    const mistake = mistakeOf(newEmail, input.newPassword);
    if (mistake !== undefined) return mistake;
    const password_hash =
      input.newPassword === undefined ? undefined : await (await this.hashing()).hash(input.newPassword);
    return this.engine.database.transaction(
      async () => {
        const known = await this.storage.findUser(columnOf(input.user));
        if (known === undefined) return { status: 'UNKNOWN_USER_ERROR' };
        const owner = newEmail === undefined ? undefined : await this.storage.findUser({ email: newEmail });
        if (owner !== undefined && owner.user_id !== known.user_id) return { status: 'EMAIL_ALREADY_EXISTS_ERROR' };
        const change = {
          ...(newEmail === undefined ? {} : { email: newEmail }),
          ...(password_hash === undefined ? {} : { password_hash }),
        };
        if (Object.keys(change).length > 0) {
          await this.storage.updateUser(known.user_id, change);
          await this.storage.deleteSessionsOf(known.user_id);
        }
        return { status: 'OK', user: userOf({ ...known, ...change }) };
      },
      { repeatable: true },
    );
  }

  async deleteUser(user: DashboardUserKey): Promise<{ status: 'OK'; didUserExist: boolean }> {
    return this.engine.database.transaction(
      async () => {
        const known = await this.storage.findUser(columnOf(user));
        if (known === undefined) return { status: 'OK', didUserExist: false };
        const didUserExist = await this.storage.deleteUser(known.user_id);
        await this.storage.deleteSessionsOf(known.user_id);
        return { status: 'OK', didUserExist };
      },
      { repeatable: true },
    );
  }

  async listUsers(): Promise<DashboardUser[]> {
    return (await this.storage.users()).map(userOf);
  }

  async listSessions(userId: string): Promise<DashboardSession[]> {
    const rows = await this.storage.sessionsOf(userId, this.engine.clock());
    return rows.map((row) => ({
      sessionHandle: row.session_handle,
      userId: row.user_id,
      timeCreated: row.time_created_ms,
      expiry: row.expires_at_ms,
    }));
  }

  async signIn(input: { email: string; password: string }): Promise<DashboardSignInResult> {
    const found = await this.storage.findUser({ email: normaliseEmail(input.email) });
    const matching = await (await this.hashing()).verify(input.password, found?.password_hash);
    if (found === undefined || matching === undefined) return { status: 'INVALID_CREDENTIALS_ERROR' };
    const [sessionHandle, secret] = [randomText(16), randomText(32)];
    const nowMs = this.engine.clock();
    const session = {
      session_handle: sessionHandle,
      user_id: found.user_id,
      secret_hash: hashOf(secret),
      time_created_ms: nowMs,
      expires_at_ms: nowMs + this.engine.sessionLifetimeMs,
    };
    const isMade = await this.storage.insertSession(session, found.password_hash);
    return isMade ? { status: 'OK', sessionId: `${sessionHandle}.${secret}` } : { status: 'INVALID_CREDENTIALS_ERROR' };
  }

  async verifySession(
    sessionId: string,
  ): Promise<{ status: 'OK'; email: string } | { status: 'INVALID_SESSION_ERROR' }> {
    const [, sessionHandle, secret] = SESSION_ID.exec(sessionId) ?? [];
    if (sessionHandle === undefined || secret === undefined) return { status: 'INVALID_SESSION_ERROR' };
    const found = await this.storage.findSession(sessionHandle, this.engine.clock());
    const isRight = found !== undefined && equalText(found.secret_hash, hashOf(secret));
    return isRight ? { status: 'OK', email: found.email } : { status: 'INVALID_SESSION_ERROR' };
  }

  async revokeSession(sessionId: string): Promise<{ status: 'OK' }> {
    await this.storage.deleteSession(sessionId.split('.')[0]!);
    return { status: 'OK' };
  }

  async housekeep(): Promise<void> {
    await deleteInBatches((limit) => this.storage.deleteExpiredSessions(this.engine.clock(), limit));
  }

  private hashing(): Promise<Passwords> {
    this.passwords ??= this.engine.dummyHash().then(
      (decoy) => new Passwords(this.engine.passwordHasher, decoy),
      (error: unknown) => {
        this.passwords = undefined;
        throw error;
      },
    );
    return this.passwords;
  }
}

function mistakeOf(email: string | undefined, password: string | undefined): DashboardUserMistake | undefined {
  if (email !== undefined && parseEmailAddress(email) === undefined) return { status: 'INVALID_EMAIL_ERROR' };
  if (password === undefined) return undefined;
  if (password.length < MIN_DASHBOARD_PASSWORD_LENGTH) {
    return weak(`The password must have at least ${MIN_DASHBOARD_PASSWORD_LENGTH} characters`);
  }
  if (password.length > MAX_DASHBOARD_PASSWORD_LENGTH) {
    return weak(`The password must have at most ${MAX_DASHBOARD_PASSWORD_LENGTH} characters`);
  }
  return undefined;
}

function weak(message: string): DashboardUserMistake {
  return { status: 'PASSWORD_WEAK_ERROR', message };
}

function columnOf(user: DashboardUserKey): { user_id: string } | { email: string } {
  return 'userId' in user ? { user_id: user.userId } : { email: normaliseEmail(user.email) };
}

function userOf(row: DashboardUserRow): DashboardUser {
  return { userId: row.user_id, email: row.email, timeCreated: row.time_created_ms };
}

function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** It is random, so that a fast hash is enough. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
