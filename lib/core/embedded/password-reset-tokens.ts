import type { CreateResetPasswordTokenResult } from '../email-password.core.js';
import { normaliseEmail } from '../users.core.js';
import { createOneTimeToken, hashOneTimeToken, looksLikeOneTimeToken } from './one-time-token.js';
import type { EmailPasswordStorage } from './storage/email-password.storage.js';
import type { LockedLoginMethod, LoginMethodsStorage } from './storage/login-methods.storage.js';

export interface PasswordResetTokenOptions {
  passwordResetTokenLifetimeMs: number;
  clock: () => number;
}

/** What a token was made for, as long as it still is so. */
export interface SpentResetToken {
  method: LockedLoginMethod;
  email: string;
}

export class PasswordResetTokens {
  constructor(
    private readonly storage: EmailPasswordStorage,
    private readonly loginMethods: LoginMethodsStorage,
    private readonly options: PasswordResetTokenOptions,
  ) {}

  /**
   * Writes a row in any case: by the time of an answer nobody may tell whether there is such an account. Without one
   * it belongs to nobody and has expired before it was written.
   * @param input.userId a user or one of its login methods
   */
  async create(input: { tenantId: string; userId: string; email: string }): Promise<CreateResetPasswordTokenResult> {
    const { tenantId, userId } = input;
    const email = normaliseEmail(input.email);
    const recipeUserId = await this.storage.findLoginMethod(tenantId, email, userId);
    const nowMs = this.options.clock();
    const expiresAtMs = recipeUserId === undefined ? nowMs - 1 : nowMs + this.options.passwordResetTokenLifetimeMs;
    const token = createOneTimeToken();
    await this.storage.insertResetToken({
      token_hash: hashOneTimeToken(token),
      recipe_user_id: recipeUserId ?? userId,
      tenant_id: tenantId,
      email,
      expires_at_ms: expiresAtMs,
    });
    return recipeUserId === undefined ? { status: 'UNKNOWN_USER_ID_ERROR' } : { status: 'OK', token, expiresAtMs };
  }

  /**
   * Spends the token and every other one of its login method, which is locked then. Within a transaction.
   * @returns undefined, and nothing is spent, for a token that does not work
   */
  async spend(tenantId: string, token: string): Promise<SpentResetToken | undefined> {
    if (!looksLikeOneTimeToken(token)) return undefined;
    const tokenHash = hashOneTimeToken(token);
    const recipeUserId = await this.storage.findResetTokenOwner(tokenHash);
    if (recipeUserId === undefined) return undefined;
    // The login method first, as in every change of one: in another order two would wait for each other.
    const method = await this.loginMethods.lock(recipeUserId, 'emailpassword');
    const spent = await this.storage.spendResetTokens(tokenHash, tenantId, this.options.clock());
    // Whoever reads the old mailbox must not get into the account that has moved away from it.
    if (spent === undefined || method?.email !== spent.email) return undefined;
    return { method, email: spent.email };
  }
}
