import { MAX_LIVE_LINKS, type OneTimeTokens, type TokenKind } from './one-time-tokens.js';
import type { LockedLoginMethod, LoginMethodsStorage } from './storage/login-methods.storage.js';

export const PASSWORD_RESET: TokenKind = {
  name: 'password-reset',
  spendsOthers: 'OF_USER',
  maxLive: MAX_LIVE_LINKS,
};

const RECIPE_ID = 'emailpassword';

/** Whose password may be set. */
export type ResettableLoginMethod = LockedLoginMethod & { email: string };

/** One-time tokens that let the reader of an email set the password of its account. */
export class PasswordResetTokens {
  constructor(
    private readonly tokens: OneTimeTokens,
    private readonly loginMethods: LoginMethodsStorage,
  ) {}

  /** @returns the login method that the token was made for, as long as it works */
  async find(tenantId: string, token: string): Promise<ResettableLoginMethod | undefined> {
    const found = await this.tokens.find(PASSWORD_RESET, tenantId, token);
    return found && ownerOf(found.subject, await this.loginMethods.get(found.recipeUserId));
  }

  /** Within a transaction. @returns the login method that the token was made for, which is locked then */
  async spend(tenantId: string, token: string): Promise<ResettableLoginMethod | undefined> {
    const spent = await this.tokens.spend(PASSWORD_RESET, tenantId, token);
    return spent && ownerOf(spent.subject, spent.loginMethod);
  }

  async revoke({ recipe_user_id: recipeUserId }: LockedLoginMethod): Promise<void> {
    await this.tokens.revoke(PASSWORD_RESET, { recipeUserId });
  }
}

/** @param email where the token was sent: anyone who reads it must not get into an account that has moved away from it */
function ownerOf(email: string, method: LockedLoginMethod | undefined): ResettableLoginMethod | undefined {
  return method?.recipe_id === RECIPE_ID && method.email === email ? { ...method, email } : undefined;
}
