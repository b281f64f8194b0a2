import {
  type ConsumePasswordResetTokenResult,
  type CreateResetPasswordTokenResult,
  EmailPasswordCore,
  type ImportUserWithPasswordHashInput,
  type ImportUserWithPasswordHashResult,
  type PasswordResetTokenOwner,
  type ResetPasswordUsingTokenResult,
  type SignInResult,
  type SignUpResult,
  type UpdateEmailOrPasswordResult,
  type CredentialsInput,
} from '../email-password.core.js';
import { normaliseEmail } from '../email-address.js';
import type { User } from '../users.core.js';
import type { Facts } from '../facts.js';
import { credentialsVersionOf } from './credentials-version.js';
import type { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import type { CredentialsOwner, DeletedUser, OwnsUserData } from './engine-part.js';
import { assertImportable } from './imported-password-hash.js';
import type { BoundedPasswordHasher } from './bounded-password-hasher.js';
import { Passwords } from './passwords.js';
import { EMAIL_VERIFICATION } from './embedded-email-verification.core.js';
import { looksLikeOneTimeToken, type OneTimeTokens } from './one-time-tokens.js';
import { PASSWORD_RESET, PasswordResetTokens, type ResettableLoginMethod } from './password-reset-tokens.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { EmailPasswordStorage } from './storage/email-password.storage.js';
import { LoginMethodsStorage } from './storage/login-methods.storage.js';
import { UsersStorage } from './storage/users.storage.js';

const RECIPE_ID = 'emailpassword';

interface EmbeddedEmailPasswordDependencies {
  database: SqlAuthDatabase;
  tenants: EmbeddedTenantsCore;
  tokens: OneTimeTokens;
  facts: Facts;
  passwordHasher: BoundedPasswordHasher;
  /** A hash by `passwordHasher` that no password matches. */
  dummyHash: string;
  canVerifyFirebaseScrypt: boolean;
  passwordResetTokenLifetimeMs(tenantId: string): Promise<number>;
  clock: () => number;
}

/** Passwords are hashed before the database is touched, so that a slow hash holds no connection. */
export class EmbeddedEmailPasswordCore extends EmailPasswordCore implements CredentialsOwner, OwnsUserData {
  readonly versionsLast = true;
  readonly keepsFormerPasswords = true;
  private readonly storage: EmailPasswordStorage;
  private readonly loginMethods: LoginMethodsStorage;
  private readonly users: UsersStorage;
  private readonly passwords: Passwords;
  private readonly resetTokens: PasswordResetTokens;

  constructor(private readonly engine: EmbeddedEmailPasswordDependencies) {
    super();
    this.storage = new EmailPasswordStorage(engine.database);
    this.loginMethods = new LoginMethodsStorage(engine.database);
    this.users = new UsersStorage(engine.database);
    this.resetTokens = new PasswordResetTokens(engine.tokens, this.loginMethods);
    this.passwords = new Passwords(engine.passwordHasher, engine.dummyHash);
  }

  async signUp(input: CredentialsInput): Promise<SignUpResult> {
    const { tenants, database } = this.engine;
    await tenants.assertExists(input.tenantId);
    const email = normaliseEmail(input.email);
    const passwordHash = await this.passwords.hash(input.password, input.isAbandoned);
    // Only now: in a transaction of the caller this takes a connection.
    await tenants.assertOffers(input.tenantId, RECIPE_ID);

    return database.transaction(
      async () => {
        const user = await this.createUser(input.tenantId, email, passwordHash);
        if (user === undefined) return { status: 'EMAIL_ALREADY_EXISTS_ERROR' };
        return { status: 'OK', user, recipeUserId: user.id, credentialsVersion: credentialsVersionOf(passwordHash) };
      },
      { repeatable: true },
    );
  }

  async signIn(input: CredentialsInput): Promise<SignInResult> {
    const { tenants } = this.engine;
    await tenants.assertOffers(input.tenantId, RECIPE_ID);
    const found = await this.storage.findCredentials(input.tenantId, normaliseEmail(input.email));

    // With an unknown email too, or the shorter time would tell who has an account.
    const matching = await this.passwords.verify(input.password, found?.passwordHash, input.isAbandoned);
    if (found === undefined || matching === undefined) return { status: 'WRONG_CREDENTIALS_ERROR' };

    const passwordHash = await this.rehashWhenOutdated(found.recipeUserId, matching, found.passwordHash);
    // Somebody else wrote another hash meanwhile: the password has to match that one.
    if (passwordHash === undefined) return this.signIn(input);
    const [user] = await this.users.load([found.userId]);
    // Deleted while the password was being verified.
    if (user === undefined) return { status: 'WRONG_CREDENTIALS_ERROR' };
    const { shownRecipeUserId: recipeUserId } = found;
    return { status: 'OK', user, recipeUserId, credentialsVersion: credentialsVersionOf(passwordHash) };
  }

  async areCredentialsCurrent(input: { recipeUserId: string; credentialsVersion: string }): Promise<boolean> {
    return (await this.passwordHashOf(input)) !== undefined;
  }

  async passwordHashOf(input: { recipeUserId: string; credentialsVersion: string }): Promise<string | undefined> {
    const passwordHash = await this.storage.settledPasswordHash(input.recipeUserId);
    return passwordHash !== undefined && credentialsVersionOf(passwordHash) === input.credentialsVersion
      ? passwordHash
      : undefined;
  }

  /**
   * Writes a row in any case: by the time of an answer nobody may tell whether there is such an account. Without one
   * it belongs to nobody and has expired before it was written.
   */
  async createResetPasswordToken(input: {
    tenantId: string;
    userId: string;
    email: string;
  }): Promise<CreateResetPasswordTokenResult> {
    const { tenants, tokens, clock } = this.engine;
    const { tenantId, userId } = input;
    await tenants.assertOffers(tenantId, RECIPE_ID);
    const lifetimeMs = await this.engine.passwordResetTokenLifetimeMs(tenantId);
    const email = normaliseEmail(input.email);
    const recipeUserId = await this.storage.findLoginMethod(tenantId, email, userId);
    const nowMs = clock();
    const expiresAtMs = recipeUserId === undefined ? nowMs - 1 : nowMs + lifetimeMs;
    const owner = recipeUserId ?? userId;
    const token = await tokens.create(PASSWORD_RESET, { tenantId, recipeUserId: owner, subject: email, expiresAtMs });
    return recipeUserId === undefined ? { status: 'UNKNOWN_USER_ID_ERROR' } : { status: 'OK', token, expiresAtMs };
  }

  async resetPasswordUsingToken(input: {
    tenantId: string;
    token: string;
    newPassword: string;
    historyLength?: number;
    isAbandoned?(): boolean;
  }): Promise<ResetPasswordUsingTokenResult> {
    const { tenants, database } = this.engine;
    const { newPassword, isAbandoned } = input;
    await tenants.assertExists(input.tenantId);
    // Spares the hashing, which takes a while.
    const passwordHash = looksLikeOneTimeToken(input.token)
      ? await this.passwords.hash(newPassword, isAbandoned)
      : undefined;
    await tenants.assertOffers(input.tenantId, RECIPE_ID);
    if (passwordHash === undefined) return { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };

    return database.transaction(
      async () => {
        const spent = await this.resetTokens.spend(input.tenantId, input.token);
        if (spent === undefined) return { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };
        await this.storage.setPasswordHash(spent.recipe_user_id, passwordHash, input.historyLength);
        return resetOf(spent);
      },
      { repeatable: true },
    );
  }

  async consumePasswordResetToken(input: {
    tenantId: string;
    token: string;
  }): Promise<ConsumePasswordResetTokenResult> {
    const { tenants, database } = this.engine;
    await tenants.assertOffers(input.tenantId, RECIPE_ID);
    return database.transaction(
      async () => {
        const spent = await this.resetTokens.spend(input.tenantId, input.token);
        return spent === undefined ? { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' } : resetOf(spent);
      },
      { repeatable: true },
    );
  }

  async findPasswordResetToken(input: {
    tenantId: string;
    token: string;
  }): Promise<PasswordResetTokenOwner | undefined> {
    const method = await this.resetTokens.find(input.tenantId, input.token);
    if (method === undefined) return undefined;
    const { userId, recipeUserId, email } = resetOf(method);
    return { userId, recipeUserId, email };
  }

  async importUserWithPasswordHash(input: ImportUserWithPasswordHashInput): Promise<ImportUserWithPasswordHashResult> {
    const { tenantId, passwordHash } = input;
    const { tenants, database, canVerifyFirebaseScrypt } = this.engine;
    assertImportable(passwordHash, input.hashingAlgorithm, canVerifyFirebaseScrypt);
    this.passwords.learn(passwordHash);
    await tenants.assertExists(tenantId);
    const email = normaliseEmail(input.email);

    return database.transaction(
      async () => {
        const newUser = await this.createUser(tenantId, email, passwordHash);
        if (newUser !== undefined) {
          return { status: 'OK', user: newUser, recipeUserId: newUser.id, didUserAlreadyExist: false };
        }
        const holder = await this.storage.findCredentials(tenantId, email);
        const method = holder && (await this.loginMethods.lock(holder.recipeUserId, RECIPE_ID));
        // Anyone who had the email a moment ago has left it meanwhile.
        if (method?.email !== email) return this.importUserWithPasswordHash(input);
        await this.storage.setPasswordHash(method.recipe_user_id, passwordHash);
        await this.resetTokens.revoke(method);
        const user = await this.existingUser(method.user_id);
        return { status: 'OK', user, recipeUserId: method.shown_recipe_user_id, didUserAlreadyExist: true };
      },
      { repeatable: true },
    );
  }

  async updateEmailOrPassword(input: {
    recipeUserId: string;
    email?: string;
    password?: string;
    historyLength?: number;
  }): Promise<UpdateEmailOrPasswordResult> {
    const { database, facts } = this.engine;
    const email = input.email === undefined ? undefined : normaliseEmail(input.email);
    const passwordHash = input.password === undefined ? undefined : await this.passwords.hash(input.password);

    return database.transaction(
      async () => {
        const method = await this.loginMethods.lock(input.recipeUserId, RECIPE_ID);
        if (method === undefined) return { status: 'UNKNOWN_USER_ID_ERROR' };

        const movesAway = email !== undefined && email !== method.email;
        if (movesAway) {
          const changed = await this.loginMethods.changeEmail(method, method.email ?? '', email, email);
          if (!changed) return { status: 'EMAIL_ALREADY_EXISTS_ERROR' };
          if (method.email !== null) {
            const { recipe_user_id: recipeUserId, email: subject } = method;
            await this.engine.tokens.revoke(EMAIL_VERIFICATION, { recipeUserId, subject });
          }
        }
        if (passwordHash !== undefined) {
          await this.storage.setPasswordHash(method.recipe_user_id, passwordHash, input.historyLength);
        }
        if (movesAway || passwordHash !== undefined) await this.resetTokens.revoke(method);
        if (movesAway) await facts.announce({ fact: 'email', recipeUserId: method.shown_recipe_user_id });
        return { status: 'OK' };
      },
      { repeatable: true },
    );
  }

  async wasPasswordUsed(input: { recipeUserId: string; password: string; historyLength: number }): Promise<boolean> {
    const hashes = await this.storage.passwordHashes(input.recipeUserId);
    return this.passwords.isOneOf(input.password, hashes.slice(0, input.historyLength));
  }

  async deleteUserData({ recipeUserIds }: DeletedUser): Promise<void> {
    await this.storage.deleteUserData(recipeUserIds);
  }

  /** @returns the hash that is stored then; undefined when somebody else was faster */
  private async rehashWhenOutdated(
    recipeUserId: string,
    password: string,
    oldHash: string,
  ): Promise<string | undefined> {
    if (!this.passwords.needsRewrite(password, oldHash)) return oldHash;
    const newHash = await this.passwords.hashUnlessBusy(password);
    if (newHash === undefined) return oldHash;
    return (await this.storage.replacePasswordHash(recipeUserId, oldHash, newHash)) ? newHash : undefined;
  }

  /** Within a transaction. @returns undefined when the email is taken */
  private async createUser(tenantId: string, email: string, passwordHash: string): Promise<User | undefined> {
    const userId = await this.loginMethods.createUser({
      tenantId,
      recipeId: RECIPE_ID,
      accountKey: email,
      email,
      verified: false,
      timeJoinedMs: this.engine.clock(),
    });
    if (userId === undefined) return undefined;
    await this.storage.insertCredentials(userId, passwordHash);
    return this.existingUser(userId);
  }

  private async existingUser(userId: string): Promise<User> {
    const [user] = await this.users.load([userId]);
    if (user === undefined) throw new Error(`The user ${userId} is gone within the transaction that made it`);
    return user;
  }
}

function resetOf({ shown_user_id: userId, shown_recipe_user_id: recipeUserId, email }: ResettableLoginMethod) {
  return { status: 'OK' as const, userId, recipeUserId, email };
}
