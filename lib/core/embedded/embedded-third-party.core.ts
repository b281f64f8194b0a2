import { BadInputError } from '../auth.error.js';
import type { Facts } from '../facts.js';
import type { JsonObject } from '../json.types.js';
import {
  type CreateOrUpdateThirdPartyConfigResult,
  type IdentitySignInUpResult,
  ThirdPartyCore,
  type ThirdPartyConfig,
  type ThirdPartySignInUpInput,
} from '../third-party.core.js';
import { normaliseEmail } from '../email-address.js';
import type { LoginMethod, User } from '../users.core.js';
import { EMAIL_VERIFICATION } from './embedded-email-verification.core.js';
import type { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import type { OwnsTenantData } from './engine-part.js';
import type { OneTimeTokens } from './one-time-tokens.js';
import { toJsonText } from '../json.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { StorageConflictError } from './storage/conflict-retry.js';
import { EmailVerificationStorage } from './storage/email-verification.storage.js';
import { accountKeyOf, type LoginMethodRow, LoginMethodsStorage } from './storage/login-methods.storage.js';
import { ThirdPartyStorage } from './storage/third-party.storage.js';
import { UsersStorage } from './storage/users.storage.js';
import { findConfigProblem } from './third-party-config.js';

const RECIPE_ID = 'thirdparty';

/** OpenID Connect allows a subject 255 characters; and an index of PostgreSQL has its limit. */
const MAX_ID_LENGTH = 256;
const MAX_ISSUER_LENGTH = 1024;
const MAX_CONFIG_LENGTH = 100_000;
/** A user may be deleted again and again while somebody signs in, but not that often. */
const MAX_ATTEMPTS = 5;

interface EmbeddedThirdPartyDependencies {
  database: SqlAuthDatabase;
  tenants: EmbeddedTenantsCore;
  tokens: OneTimeTokens;
  facts: Facts;
  clock: () => number;
}

export class EmbeddedThirdPartyCore extends ThirdPartyCore implements OwnsTenantData {
  private readonly storage: ThirdPartyStorage;
  private readonly loginMethods: LoginMethodsStorage;
  private readonly emailVerification: EmailVerificationStorage;
  private readonly users: UsersStorage;

  constructor(private readonly engine: EmbeddedThirdPartyDependencies) {
    super();
    this.storage = new ThirdPartyStorage(engine.database);
    this.loginMethods = new LoginMethodsStorage(engine.database);
    this.emailVerification = new EmailVerificationStorage(engine.database);
    this.users = new UsersStorage(engine.database);
  }

  async signInUp(identity: ThirdPartySignInUpInput): Promise<IdentitySignInUpResult> {
    assertText('thirdPartyId', identity.thirdPartyId, MAX_ID_LENGTH);
    assertText('thirdPartyUserId', identity.thirdPartyUserId, MAX_ID_LENGTH);
    assertText('email', identity.email);
    if (identity.issuer !== undefined) assertText('issuer', identity.issuer, MAX_ISSUER_LENGTH);
    await this.engine.tenants.assertOffers(identity.tenantId, RECIPE_ID);
    const input = { ...identity, email: normaliseEmail(identity.email) };
    return this.engine.database.transaction(
      async () => {
        for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
          const result = (await this.signIn(input)) ?? (await this.signUp(input));
          if (result !== undefined) return result;
        }
        throw new StorageConflictError({ detail: 'the user is deleted as often as made' });
      },
      { repeatable: true },
    );
  }

  async createOrUpdateThirdPartyConfig(input: {
    tenantId: string;
    config: ThirdPartyConfig;
    skipValidation?: boolean;
  }): Promise<CreateOrUpdateThirdPartyConfigResult> {
    const { tenantId, config, skipValidation = false } = input;
    await this.engine.tenants.assertExists(tenantId);
    const text = toJsonText(config as unknown as JsonObject, 'config');
    if (text.length > MAX_CONFIG_LENGTH) throw new BadInputError('config is too large');
    assertText('thirdPartyId', config.thirdPartyId, MAX_ID_LENGTH);
    const reason = skipValidation ? undefined : findConfigProblem(config);
    if (reason !== undefined) return { status: 'CONFIG_VALIDATION_ERROR', reason };
    return this.engine.database.transaction(
      async () => {
        await this.engine.tenants.hold(tenantId);
        return { status: 'OK', createdNew: await this.storage.putConfig(tenantId, config.thirdPartyId, text) };
      },
      { repeatable: true },
    );
  }

  async deleteThirdPartyConfig(input: {
    tenantId: string;
    thirdPartyId: string;
  }): Promise<{ status: 'OK'; didConfigExist: boolean }> {
    await this.engine.tenants.assertExists(input.tenantId);
    return { status: 'OK', didConfigExist: await this.storage.deleteConfig(input.tenantId, input.thirdPartyId) };
  }

  async listThirdPartyConfigs(tenantId: string): Promise<ThirdPartyConfig[]> {
    await this.engine.tenants.assertExists(tenantId);
    const texts = await this.storage.listConfigs(tenantId);
    return texts.map((text) => JSON.parse(text) as ThirdPartyConfig);
  }

  async deleteTenantData({ tenantId, recipeUserId }: { tenantId: string; recipeUserId?: string }): Promise<void> {
    if (recipeUserId === undefined) await this.storage.deleteTenantConfigs(tenantId);
  }

  /** @returns undefined where there is no such user, or none any more */
  private async signIn(input: ThirdPartySignInUpInput): Promise<IdentitySignInUpResult | undefined> {
    const { tenantId } = input;
    const accountKey = accountKeyFor(input);
    const found = await this.loginMethods.findByAccountKey({ tenantId, recipeId: RECIPE_ID, accountKey });
    if (found === undefined) return undefined;
    const [user] = await this.users.load([found.userId]);
    const method = methodOf(user, input);
    if (user === undefined || method === undefined) return undefined;

    const { issuer } = input;
    if (issuer !== undefined && issuer !== found.issuer) {
      const { issuer: known, recipeUserId } = found;
      if (known !== null && !input.formerIssuers?.includes(known))
        return { status: 'OTHER_ISSUER_ERROR', issuer: known };
      // Somebody else has signed in meanwhile: the issuer may be another one by now.
      if (!(await this.storage.setIssuer(recipeUserId, known, issuer))) return undefined;
    }
    const movesAway = method.email !== input.email;
    const becomesVerified = input.isVerified && (movesAway || !method.verified);
    if (!movesAway && !becomesVerified) return signedIn(user, method);
    if (movesAway && (await this.isHeldByOther(user, method, input.email))) {
      return {
        status: 'EMAIL_CHANGE_NOT_ALLOWED_ERROR',
        reason: 'Email already associated with another primary user.',
      };
    }
    // Against a deletion of the user at the same time, which would leave what is written here.
    const locked = await this.loginMethods.lock(found.recipeUserId, RECIPE_ID);
    if (locked === undefined) return undefined;
    if (movesAway) await this.moveAway(locked, input.email);
    if (becomesVerified) await this.emailVerification.markVerified(found.recipeUserId, input.email);
    const fact = movesAway ? 'email' : 'emailVerification';
    await this.engine.facts.announce({ fact, recipeUserId: method.recipeUserId });
    const [changed] = await this.users.load([found.userId]);
    return changed && signedIn(changed, methodOf(changed, input) ?? method);
  }

  /** As with a password: a link that was sent to the address that is left proves nothing of this user any more. */
  private async moveAway({ recipe_user_id: recipeUserId, email: subject }: LoginMethodRow, to: string): Promise<void> {
    await this.storage.setEmail(recipeUserId, to);
    if (subject !== null) await this.engine.tokens.revoke(EMAIL_VERIFICATION, { recipeUserId, subject });
  }

  /** @returns undefined where somebody else has made the user meanwhile */
  private async signUp(input: ThirdPartySignInUpInput): Promise<IdentitySignInUpResult | undefined> {
    const { tenantId, thirdPartyId, thirdPartyUserId, email, isVerified, issuer } = input;
    const userId = await this.loginMethods.createUser({
      tenantId,
      recipeId: RECIPE_ID,
      accountKey: accountKeyFor(input),
      email,
      thirdParty: { id: thirdPartyId, userId: thirdPartyUserId, issuer },
      verified: isVerified,
      timeJoinedMs: this.engine.clock(),
    });
    if (userId === undefined) return undefined;
    const [user] = await this.users.load([userId]);
    if (user === undefined) throw new Error(`The user ${userId} is gone within the transaction that made it`);
    return { status: 'OK', createdNewRecipeUser: true, user, recipeUserId: userId };
  }

  /** Only among accounts that others may be linked to does an email belong to one. */
  private async isHeldByOther(user: User, { tenantIds }: LoginMethod, email: string): Promise<boolean> {
    if (!user.isPrimaryUser) return false;
    const found = await Promise.all(tenantIds.map((tenantId) => this.users.findByAccountInfo(tenantId, { email })));
    return found.flat().some((other) => other.isPrimaryUser && other.id !== user.id);
  }
}

function accountKeyFor({ thirdPartyId, thirdPartyUserId }: ThirdPartySignInUpInput): string {
  return accountKeyOf({ email: null, third_party_id: thirdPartyId, third_party_user_id: thirdPartyUserId });
}

function methodOf(user: User | undefined, input: ThirdPartySignInUpInput): LoginMethod | undefined {
  const { tenantId, thirdPartyId, thirdPartyUserId } = input;
  return user?.loginMethods.find(
    ({ thirdParty, tenantIds }) =>
      thirdParty?.id === thirdPartyId && thirdParty.userId === thirdPartyUserId && tenantIds.includes(tenantId),
  );
}

function signedIn(user: User, { recipeUserId }: LoginMethod): IdentitySignInUpResult {
  return { status: 'OK', createdNewRecipeUser: false, user, recipeUserId };
}

/** What every database can keep as it is: PostgreSQL takes no NUL, and neither takes half a character. */
function assertText(name: string, value: unknown, maxLength = Infinity): void {
  const isGood =
    typeof value === 'string' && value.length > 0 && value.length <= maxLength && !/[\0\p{Surrogate}]/u.test(value);
  if (isGood) return;
  const length = maxLength === Infinity ? 'at least 1 character' : `1 to ${maxLength} characters`;
  throw new BadInputError(`${name} must be text of ${length}`);
}
