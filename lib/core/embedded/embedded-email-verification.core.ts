import {
  type CreateEmailVerificationTokenResult,
  EmailVerificationCore,
  type EmailOfLoginMethod,
  type VerifyEmailUsingTokenResult,
} from '../email-verification.core.js';
import type { Facts } from '../facts.js';
import { normaliseEmail } from '../email-address.js';
import type { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import type { DeletedUser, OwnsUserData } from './engine-part.js';
import { MAX_LIVE_LINKS, type OneTimeTokens, type TokenKind } from './one-time-tokens.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { EmailVerificationStorage } from './storage/email-verification.storage.js';

const FOLLOWED = { name: 'email-verification.followed' };

export const EMAIL_VERIFICATION: TokenKind = {
  name: 'email-verification',
  spendsOthers: 'OF_SUBJECT',
  maxLive: MAX_LIVE_LINKS,
  spentKind: FOLLOWED,
};

interface EmbeddedEmailVerificationDependencies {
  database: SqlAuthDatabase;
  tenants: EmbeddedTenantsCore;
  tokens: OneTimeTokens;
  facts: Facts;
  emailVerificationTokenLifetimeMs(tenantId: string): Promise<number>;
  clock: () => number;
}

export class EmbeddedEmailVerificationCore extends EmailVerificationCore implements OwnsUserData {
  private readonly storage: EmailVerificationStorage;

  constructor(private readonly engine: EmbeddedEmailVerificationDependencies) {
    super();
    this.storage = new EmailVerificationStorage(engine.database);
  }

  async createEmailVerificationToken(input: {
    tenantId: string;
    recipeUserId: string;
    email: string;
  }): Promise<CreateEmailVerificationTokenResult> {
    const { tenants, tokens, clock } = this.engine;
    const { tenantId, recipeUserId } = input;
    await tenants.assertExists(tenantId);
    const email = normaliseEmail(input.email);
    if (await this.storage.isVerified(recipeUserId, email)) return { status: 'EMAIL_ALREADY_VERIFIED_ERROR' };

    const lifetimeMs = await this.engine.emailVerificationTokenLifetimeMs(tenantId);
    const expiresAtMs = clock() + lifetimeMs;
    const token = await tokens.create(EMAIL_VERIFICATION, { tenantId, recipeUserId, subject: email, expiresAtMs });
    return { status: 'OK', token, expiresAtMs };
  }

  async verifyEmailUsingToken(input: { tenantId: string; token: string }): Promise<VerifyEmailUsingTokenResult> {
    const { tenants, tokens, facts, database } = this.engine;
    await tenants.assertExists(input.tenantId);
    return database.transaction(
      async () => {
        const spent = await tokens.spend(EMAIL_VERIFICATION, input.tenantId, input.token);
        if (spent === undefined) return { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' };
        const { recipeUserId, subject: email } = spent;
        await this.storage.markVerified(recipeUserId, email);
        await facts.announce({ fact: 'emailVerification', recipeUserId });
        return { status: 'OK', recipeUserId, email };
      },
      { repeatable: true },
    );
  }

  async findVerifiedByToken(input: { tenantId: string; token: string }): Promise<EmailOfLoginMethod | undefined> {
    const { tenants, tokens } = this.engine;
    await tenants.assertExists(input.tenantId);
    const found = await tokens.find(FOLLOWED, input.tenantId, input.token);
    if (found === undefined) return undefined;
    const { shownRecipeUserId: recipeUserId, subject: email } = found;
    return (await this.storage.isVerified(recipeUserId, email)) ? { recipeUserId, email } : undefined;
  }

  async isEmailVerified(input: { recipeUserId: string; email: string }): Promise<boolean> {
    return this.storage.isVerified(input.recipeUserId, normaliseEmail(input.email));
  }

  async revokeEmailVerificationTokens(input: {
    tenantId: string;
    recipeUserId: string;
    email: string;
  }): Promise<{ status: 'OK' }> {
    const { tenants, tokens } = this.engine;
    const { tenantId, recipeUserId } = input;
    await tenants.assertExists(tenantId);
    await tokens.revoke(EMAIL_VERIFICATION, { tenantId, recipeUserId, subject: normaliseEmail(input.email) });
    return { status: 'OK' };
  }

  async unverifyEmail(input: { recipeUserId: string; email: string }): Promise<{ status: 'OK' }> {
    const { recipeUserId } = input;
    return this.engine.database.transaction(
      async () => {
        await this.storage.unmarkVerified(recipeUserId, normaliseEmail(input.email));
        await this.engine.facts.announce({ fact: 'emailVerification', recipeUserId });
        return { status: 'OK' };
      },
      { repeatable: true },
    );
  }

  async deleteUserData({ userId, recipeUserIds }: DeletedUser): Promise<void> {
    await this.storage.deleteUserData([userId, ...recipeUserIds]);
  }
}
