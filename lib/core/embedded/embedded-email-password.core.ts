import { createHash, randomBytes } from 'node:crypto';
import {
  type CreateResetPasswordTokenResult,
  EmailPasswordCore,
  type ResetPasswordUsingTokenResult,
  type SignInResult,
  type SignUpResult,
  type UpdateEmailOrPasswordResult,
} from '../email-password.core.js';
import type { PasswordHasher } from '../password-hasher.js';
import { normaliseEmail, type User } from '../users.core.js';
import type { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import type { DeletedUser, NeedsHousekeeping, OwnsUserData } from './engine-part.js';
import { deleteInBatches } from './housekeeper.js';
import type { AuthDatabase } from './storage/auth-database.js';
import { EmailPasswordStorage } from './storage/email-password.storage.js';
import { LoginMethodsStorage } from './storage/login-methods.storage.js';
import { UsersStorage } from './storage/users.storage.js';

const RECIPE_ID = 'emailpassword';

export interface EmbeddedEmailPasswordDependencies {
  database: AuthDatabase;
  tenants: EmbeddedTenantsCore;
  passwordHasher: PasswordHasher;
  /** A hash by `passwordHasher` that no password matches. */
  dummyHash: string;
  passwordResetTokenLifetimeMs: number;
  clock: () => number;
}

/** Passwords are hashed before the database is touched, so that a slow hash holds no connection. */
export class EmbeddedEmailPasswordCore extends EmailPasswordCore implements OwnsUserData, NeedsHousekeeping {
  private readonly storage: EmailPasswordStorage;
  private readonly loginMethods: LoginMethodsStorage;
  private readonly users: UsersStorage;

  constructor(private readonly engine: EmbeddedEmailPasswordDependencies) {
    super();
    this.storage = new EmailPasswordStorage(engine.database);
    this.loginMethods = new LoginMethodsStorage(engine.database);
    this.users = new UsersStorage(engine.database);
  }

  async signUp(input: { tenantId: string; email: string; password: string }): Promise<SignUpResult> {
    const { tenants, passwordHasher, database, clock } = this.engine;
    await tenants.assertExists(input.tenantId);
    const email = normaliseEmail(input.email);
    const passwordHash = await passwordHasher.hash(input.password);

    return database.transaction(
      async () => {
        const userId = await this.loginMethods.createUser({
          tenantId: input.tenantId,
          recipeId: RECIPE_ID,
          accountKey: email,
          email,
          verified: false,
          timeJoinedMs: clock(),
        });
        if (userId === undefined) return { status: 'EMAIL_ALREADY_EXISTS_ERROR' };
        await this.storage.insertCredentials(userId, passwordHash);
        return { status: 'OK', user: await this.existingUser(userId), recipeUserId: userId };
      },
      { repeatable: true },
    );
  }

  async signIn(input: { tenantId: string; email: string; password: string }): Promise<SignInResult> {
    const { tenants, passwordHasher, dummyHash } = this.engine;
    await tenants.assertExists(input.tenantId);
    const found = await this.storage.findCredentials(input.tenantId, normaliseEmail(input.email));

    // An unknown email is verified as well, or the shorter time would tell who has an account.
    const matches = await passwordHasher.verify(input.password, found?.passwordHash ?? dummyHash);
    if (found === undefined || !matches) return { status: 'WRONG_CREDENTIALS_ERROR' };

    const passwordHash = await this.rehashWhenOutdated(found.recipeUserId, input.password, found.passwordHash);
    // Somebody else wrote another hash meanwhile: the password has to match that one.
    if (passwordHash === undefined) return this.signIn(input);
    const [user] = await this.users.load([found.userId]);
    // Deleted while the password was being verified.
    if (user === undefined) return { status: 'WRONG_CREDENTIALS_ERROR' };
    const { recipeUserId } = found;
    return { status: 'OK', user, recipeUserId, credentialsVersion: versionOf(passwordHash) };
  }

  async areCredentialsCurrent(input: { recipeUserId: string; credentialsVersion: string }): Promise<boolean> {
    const passwordHash = await this.storage.settledPasswordHash(input.recipeUserId);
    return passwordHash !== undefined && versionOf(passwordHash) === input.credentialsVersion;
  }

  async createResetPasswordToken(input: {
    tenantId: string;
    userId: string;
    email: string;
  }): Promise<CreateResetPasswordTokenResult> {
    const { tenants, clock, passwordResetTokenLifetimeMs } = this.engine;
    await tenants.assertExists(input.tenantId);
    const email = normaliseEmail(input.email);
    const recipeUserId = await this.findLoginMethod(input.userId, input.tenantId, email);
    if (recipeUserId === undefined) return { status: 'UNKNOWN_USER_ID_ERROR' };

    const token = randomBytes(48).toString('base64url');
    await this.storage.insertResetToken({
      token_hash: hashToken(token),
      recipe_user_id: recipeUserId,
      tenant_id: input.tenantId,
      email,
      expires_at_ms: clock() + passwordResetTokenLifetimeMs,
    });
    return { status: 'OK', token };
  }

  async resetPasswordUsingToken(input: {
    tenantId: string;
    token: string;
    newPassword: string;
  }): Promise<ResetPasswordUsingTokenResult> {
    const { tenants, passwordHasher, database, clock } = this.engine;
    await tenants.assertExists(input.tenantId);
    if (!looksLikeToken(input.token)) return { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };
    const passwordHash = await passwordHasher.hash(input.newPassword);

    return database.transaction(
      async () => {
        const tokenHash = hashToken(input.token);
        const recipeUserId = await this.storage.findResetTokenOwner(tokenHash);
        if (recipeUserId === undefined) return { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };
        // The login method first, as in every change of one: in another order two would wait for each other.
        const method = await this.loginMethods.lock(recipeUserId, RECIPE_ID);
        const spent = await this.storage.spendResetTokens(tokenHash, input.tenantId, clock());
        // Whoever reads the old mailbox must not get into the account that has moved away from it.
        if (spent === undefined || method?.email !== spent.email) {
          return { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };
        }

        await this.storage.setPasswordHash(method.recipe_user_id, passwordHash);
        return {
          status: 'OK',
          userId: method.user_id,
          recipeUserId: method.recipe_user_id,
          email: spent.email,
        };
      },
      { repeatable: true },
    );
  }

  async updateEmailOrPassword(input: {
    recipeUserId: string;
    email?: string;
    password?: string;
  }): Promise<UpdateEmailOrPasswordResult> {
    const { passwordHasher, database } = this.engine;
    const email = input.email === undefined ? undefined : normaliseEmail(input.email);
    const passwordHash = input.password === undefined ? undefined : await passwordHasher.hash(input.password);

    return database.transaction(
      async () => {
        const method = await this.loginMethods.lock(input.recipeUserId, RECIPE_ID);
        if (method === undefined) return { status: 'UNKNOWN_USER_ID_ERROR' };

        const movesAway = email !== undefined && email !== method.email;
        if (movesAway) {
          const changed = await this.loginMethods.changeEmail(method, method.email ?? '', email, email);
          if (!changed) return { status: 'EMAIL_ALREADY_EXISTS_ERROR' };
        }
        if (passwordHash !== undefined) await this.storage.setPasswordHash(method.recipe_user_id, passwordHash);
        if (movesAway || passwordHash !== undefined) await this.storage.deleteResetTokens(method.recipe_user_id);
        return { status: 'OK' };
      },
      { repeatable: true },
    );
  }

  async deleteUserData({ recipeUserIds }: DeletedUser): Promise<void> {
    await this.storage.deleteUserData(recipeUserIds);
  }

  async housekeep(): Promise<void> {
    await deleteInBatches((limit) => this.storage.deleteExpiredResetTokens(this.engine.clock(), limit));
  }

  /** @returns the hash that is stored then; undefined when somebody else was faster */
  private async rehashWhenOutdated(
    recipeUserId: string,
    password: string,
    oldHash: string,
  ): Promise<string | undefined> {
    const { passwordHasher } = this.engine;
    if (!passwordHasher.needsRehash(oldHash)) return oldHash;
    const newHash = await passwordHasher.hash(password);
    return (await this.storage.replacePasswordHash(recipeUserId, oldHash, newHash)) ? newHash : undefined;
  }

  private async existingUser(userId: string): Promise<User> {
    const [user] = await this.users.load([userId]);
    if (user === undefined) throw new Error(`The user ${userId} is gone within the transaction that made it`);
    return user;
  }

  /** @param userId a user or one of its login methods */
  private async findLoginMethod(userId: string, tenantId: string, email: string): Promise<string | undefined> {
    const resolved = await this.users.resolveUserId(userId);
    if (resolved === undefined) return undefined;
    const [user] = await this.users.load([resolved]);
    const method = user?.loginMethods.find(
      (candidate) =>
        candidate.recipeId === RECIPE_ID &&
        candidate.email === email &&
        candidate.tenantIds.includes(tenantId) &&
        (userId === resolved || userId === candidate.recipeUserId),
    );
    return method?.recipeUserId;
  }
}

function looksLikeToken(token: unknown): token is string {
  return typeof token === 'string' && /^[\w-]{64}$/.test(token);
}

/** Says nothing of the hash: it passes through the application. */
function versionOf(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('base64url');
}

/** Of a token with that much randomness a plain hash gives nothing away. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
