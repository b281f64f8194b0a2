import {
  type CreateEmailVerificationTokenResult,
  EmailVerificationCore,
  type VerifyEmailUsingTokenResult,
} from '../email-verification.core.js';
import { normaliseEmail } from '../users.core.js';
import type { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import type { DeletedUser, NeedsHousekeeping, OwnsTenantData, OwnsUserData } from './engine-part.js';
import { deleteInBatches } from './housekeeper.js';
import { createOneTimeToken, hashOneTimeToken, looksLikeOneTimeToken } from './one-time-token.js';
import type { AuthDatabase } from './storage/auth-database.js';
import { EmailVerificationStorage } from './storage/email-verification.storage.js';

export interface EmbeddedEmailVerificationDependencies {
  database: AuthDatabase;
  tenants: EmbeddedTenantsCore;
  emailVerificationTokenLifetimeMs: number;
  clock: () => number;
}

export class EmbeddedEmailVerificationCore
  extends EmailVerificationCore
  implements OwnsUserData, OwnsTenantData, NeedsHousekeeping
{
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
    const { tenants, clock, emailVerificationTokenLifetimeMs } = this.engine;
    await tenants.assertExists(input.tenantId);
    const email = normaliseEmail(input.email);
    if (await this.storage.isVerified(input.recipeUserId, email)) return { status: 'EMAIL_ALREADY_VERIFIED_ERROR' };

    const token = createOneTimeToken();
    const expiresAtMs = clock() + emailVerificationTokenLifetimeMs;
    await this.storage.insertToken({
      token_hash: hashOneTimeToken(token),
      recipe_user_id: input.recipeUserId,
      tenant_id: input.tenantId,
      email,
      expires_at_ms: expiresAtMs,
    });
    return { status: 'OK', token, expiresAtMs };
  }

  async verifyEmailUsingToken(input: { tenantId: string; token: string }): Promise<VerifyEmailUsingTokenResult> {
    const { tenants, database, clock } = this.engine;
    await tenants.assertExists(input.tenantId);
    if (!looksLikeOneTimeToken(input.token)) return { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' };

    return database.transaction(
      async () => {
        const tokenHash = hashOneTimeToken(input.token);
        // First: whoever deletes the user meanwhile must not leave what is written here, nor wait for it in turn.
        await this.storage.lockOwner(tokenHash);
        const spent = await this.storage.spendTokens(tokenHash, input.tenantId, clock());
        if (spent === undefined) return { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' };
        await this.storage.markVerified(spent.recipeUserId, spent.email);
        return { status: 'OK', ...spent };
      },
      { repeatable: true },
    );
  }

  async isEmailVerified(input: { recipeUserId: string; email: string }): Promise<boolean> {
    return this.storage.isVerified(input.recipeUserId, normaliseEmail(input.email));
  }

  async revokeEmailVerificationTokens(input: {
    tenantId: string;
    recipeUserId: string;
    email: string;
  }): Promise<{ status: 'OK' }> {
    await this.engine.tenants.assertExists(input.tenantId);
    await this.storage.deleteTokens(input.recipeUserId, normaliseEmail(input.email), input.tenantId);
    return { status: 'OK' };
  }

  async unverifyEmail(input: { recipeUserId: string; email: string }): Promise<{ status: 'OK' }> {
    await this.storage.unmarkVerified(input.recipeUserId, normaliseEmail(input.email));
    return { status: 'OK' };
  }

  async deleteUserData({ userId, recipeUserIds }: DeletedUser): Promise<void> {
    await this.storage.deleteUserData([userId, ...recipeUserIds]);
  }

  async deleteTenantData({ tenantId, recipeUserId }: { tenantId: string; recipeUserId?: string }): Promise<void> {
    await this.storage.deleteTenantTokens(tenantId, recipeUserId);
  }

  async housekeep(): Promise<void> {
    await deleteInBatches((limit) => this.storage.deleteExpiredTokens(this.engine.clock(), limit));
  }
}
