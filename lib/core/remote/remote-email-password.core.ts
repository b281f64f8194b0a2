import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { BadInputError, ConfigurationError, StorageUnavailableError } from '../auth.error.js';
import type { Facts } from '../facts.js';
import * as Port from '../email-password.core.js';
import { normaliseEmail } from '../email-address.js';
import type { LoginMethod, User } from '../users.core.js';
import { ok, signedIn, statusOf, user } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { canBeLookedUp } from './core-path.js';
import { type Credentials, CredentialsSeal } from './credentials-seal.js';
import type { RemoteTenantConfigCore } from './remote-tenant-config.core.js';
import type { RemoteUsersCore } from './remote-users.core.js';

const FACTOR = 'emailpassword';
const INVALID_TOKEN = { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' } as const;

const signUpAnswer = z.discriminatedUnion('status', [signedIn, statusOf('EMAIL_ALREADY_EXISTS_ERROR')]);
const signInAnswer = z.discriminatedUnion('status', [signedIn, statusOf('WRONG_CREDENTIALS_ERROR')]);
const tokenAnswer = z.discriminatedUnion('status', [
  ok.extend({ token: z.string() }),
  statusOf('UNKNOWN_USER_ID_ERROR'),
]);
const consumed = z.discriminatedUnion('status', [
  ok.extend({ userId: z.string(), email: z.string() }),
  statusOf(INVALID_TOKEN.status),
]);
const imported = ok.extend({ user, didUserAlreadyExist: z.boolean() });
const updated = statusOf('OK', 'UNKNOWN_USER_ID_ERROR', 'EMAIL_ALREADY_EXISTS_ERROR', 'EMAIL_CHANGE_NOT_ALLOWED_ERROR');

export class RemoteEmailPasswordCore extends Port.EmailPasswordCore {
  /** They hold the password, sealed, for this process alone. */
  readonly versionsLast = false;
  /** The wire has no operation for them. */
  readonly keepsFormerPasswords = false;
  private readonly seal = new CredentialsSeal();

  constructor(
    private readonly client: CoreClient,
    private readonly users: RemoteUsersCore,
    private readonly configs: RemoteTenantConfigCore,
    private readonly facts: Facts,
  ) {
    super();
  }

  async signUp(input: Credentials): Promise<Port.SignUpResult> {
    const { tenantId, email, password } = input;
    await this.configs.assertOffers(tenantId, FACTOR);
    const body = { email: normaliseEmail(email), password };
    const path = '/recipe/signup';
    const result = await this.client.call({ method: 'POST', path, tenantId, body, answer: signUpAnswer });
    return result.status === 'OK' ? { ...result, credentialsVersion: this.seal.seal(input) } : result;
  }

  async signIn(input: Credentials): Promise<Port.SignInResult> {
    const { tenantId, email, password } = input;
    await this.configs.assertOffers(tenantId, FACTOR);
    // Our own core service would count it once more, and for an account whose known devices it cannot see.
    const body = { email: normaliseEmail(email), password, isAttemptCounted: true };
    const path = '/recipe/signin';
    const result = await this.client.call({
      method: 'POST',
      path,
      tenantId,
      body,
      isRepeatable: true,
      answer: signInAnswer,
    });
    return result.status === 'OK' ? { ...result, credentialsVersion: this.seal.seal(input) } : result;
  }

  /** The core has no name for a password, so that it is verified once more. */
  async areCredentialsCurrent(input: { recipeUserId: string; credentialsVersion: string }): Promise<boolean> {
    const credentials = this.seal.open(input.credentialsVersion);
    if (credentials === undefined) return false;
    const result = await this.signIn(credentials);
    return result.status === 'OK' && result.recipeUserId === input.recipeUserId;
  }

  async createResetPasswordToken(input: {
    tenantId: string;
    userId: string;
    email: string;
  }): Promise<Port.CreateResetPasswordTokenResult> {
    const { tenantId } = input;
    await this.configs.assertOffers(tenantId, FACTOR);
    const email = normaliseEmail(input.email);
    const found = await this.users.getUser(input.userId);
    const method = found && methodOf(found, input.userId, email, tenantId);
    // The core asks for no more than the user: a token for another's address would be another's way in.
    const body = { userId: method?.recipeUserId ?? '-', email };
    const path = '/recipe/user/password/reset/token';
    const call = { method: 'POST', path, tenantId, body, isRepeatable: true, answer: tokenAnswer } as const;
    const result = await this.client.call(call);
    return method === undefined ? { status: 'UNKNOWN_USER_ID_ERROR' } : result;
  }

  /**
   * Spends the token, then sets the password, as the core has no one step for both. What comes after the token is
   * spent is made again where the core does not answer; if it stays away, the old password stays, and the user asks
   * for another token.
   */
  async resetPasswordUsingToken(input: {
    tenantId: string;
    token: string;
    newPassword: string;
  }): Promise<Port.ResetPasswordUsingTokenResult> {
    const spent = await this.consumePasswordResetToken(input);
    if (spent.status !== 'OK') return spent;
    const { recipeUserId } = spent;
    const { status } = await persistently(() =>
      this.updateEmailOrPassword({ recipeUserId, password: input.newPassword }),
    );
    return status === 'OK' ? spent : INVALID_TOKEN;
  }

  async consumePasswordResetToken(input: {
    tenantId: string;
    token: string;
  }): Promise<Port.ConsumePasswordResetTokenResult> {
    const { tenantId, token } = input;
    await this.configs.assertOffers(tenantId, FACTOR);
    const body = { token: canBeLookedUp(token) ? token : '-' };
    const path = '/recipe/user/password/reset/token/consume';
    const spent = await this.client.call({ method: 'POST', path, tenantId, body, answer: consumed });
    if (spent.status !== 'OK') return spent;
    const { email } = spent;
    const found = await persistently(() => this.users.getUser(spent.userId));
    const method = found && methodOf(found, spent.userId, email, tenantId);
    // Anyone who reads the old mailbox must not get into the account that has moved away from it.
    if (found === undefined || method === undefined) return INVALID_TOKEN;
    return { status: 'OK', userId: found.id, recipeUserId: method.recipeUserId, email };
  }

  /** The wire has no operation for it. */
  async findPasswordResetToken(): Promise<undefined> {
    return undefined;
  }

  async importUserWithPasswordHash(
    input: Port.ImportUserWithPasswordHashInput,
  ): Promise<Port.ImportUserWithPasswordHashResult> {
    const { tenantId, passwordHash, hashingAlgorithm } = input;
    if (typeof passwordHash !== 'string') throw new BadInputError('Password hash is in invalid format');
    const email = normaliseEmail(input.email);
    const body = { email, passwordHash, hashingAlgorithm };
    const path = '/recipe/user/passwordhash/import';
    const call = { method: 'POST', path, tenantId, body, isRepeatable: true, answer: imported } as const;
    const answer = await this.client.call(call);
    const method = methodOf(answer.user, answer.user.id, email, tenantId);
    if (method === undefined) throw new StorageUnavailableError({ detail: 'the core imported somebody else' });
    return { ...answer, recipeUserId: method.recipeUserId };
  }

  async updateEmailOrPassword(input: {
    recipeUserId: string;
    email?: string;
    password?: string;
  }): Promise<Port.UpdateEmailOrPasswordResult> {
    const { recipeUserId, password } = input;
    const email = input.email === undefined ? undefined : normaliseEmail(input.email);
    const body = { recipeUserId, email, password };
    const { status } = await this.client.call({ method: 'PUT', path: '/recipe/user', body, answer: updated });
    if (status === 'OK' && email !== undefined) await this.facts.announce({ fact: 'email', recipeUserId });
    // Of linked accounts only, where another one has the email.
    return { status: status === 'EMAIL_CHANGE_NOT_ALLOWED_ERROR' ? 'EMAIL_ALREADY_EXISTS_ERROR' : status };
  }

  async wasPasswordUsed(): Promise<boolean> {
    throw new ConfigurationError('The core in another process keeps no former passwords. Compare with none of them.');
  }
}

/** @param userId the user's, or that of the login method that is meant */
function methodOf(found: User, userId: string, email: string, tenantId: string): LoginMethod | undefined {
  const isIn = (tenantIds: string[]) => tenantIds.some((id) => id.toLowerCase() === tenantId.toLowerCase());
  const candidates = found.loginMethods.filter(
    (method) => method.recipeId === 'emailpassword' && method.email === email && isIn(method.tenantIds),
  );
  const named = candidates.find(({ recipeUserId }) => recipeUserId === userId);
  return named ?? (userId === found.id ? candidates[0] : undefined);
}

const PAUSES_MS = [100, 500];

async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) throw error;
    }
    await wait(pauseMs);
  }
  return work();
}
