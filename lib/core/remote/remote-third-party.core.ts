import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { BadInputError, UnknownTenantError } from '../auth.error.js';
import type { Facts } from '../facts.js';
import { toJsonText } from '../json.js';
import type { JsonObject } from '../json.types.js';
import {
  type CreateOrUpdateThirdPartyConfigResult,
  type IdentitySignInUpResult,
  INVALID_THIRD_PARTY_CONFIG,
  type ThirdPartyConfig,
  ThirdPartyCore,
  type ThirdPartySignInUpInput,
} from '../third-party.core.js';
import { normaliseEmail } from '../email-address.js';
import type { LoginMethod, UsersCore } from '../users.core.js';
import { ok, signedIn, statusOf } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import type { RemoteTenantConfigCore } from './remote-tenant-config.core.js';
import type { RemoteTenantsCore } from './remote-tenants.core.js';

const CONFIG_PATH = '/recipe/multitenancy/config/thirdparty';

const signedInUp = z.discriminatedUnion('status', [
  signedIn.extend({ createdNewUser: z.boolean() }),
  statusOf('EMAIL_CHANGE_NOT_ALLOWED_ERROR').extend({ reason: z.string() }),
  statusOf('OTHER_ISSUER_ERROR').extend({ issuer: z.string() }),
]);
const configured = z.discriminatedUnion('status', [
  ok.extend({ createdNew: z.boolean() }),
  statusOf('CONFIG_VALIDATION_ERROR').extend({ reason: z.string() }),
]);
const removed = ok.extend({ didConfigExist: z.boolean() });
const providers = z.object({
  providers: z.array(z.custom<ThirdPartyConfig>((value) => isConfig(value))),
});
const tenant = z.discriminatedUnion('status', [
  ok.extend({ thirdParty: providers }),
  statusOf('TENANT_NOT_FOUND_ERROR'),
]);

export class RemoteThirdPartyCore extends ThirdPartyCore {
  constructor(
    private readonly client: CoreClient,
    private readonly tenants: RemoteTenantsCore,
    private readonly configs: RemoteTenantConfigCore,
    private readonly users: UsersCore,
    private readonly facts: Facts,
  ) {
    super();
  }

  async signInUp(input: ThirdPartySignInUpInput): Promise<IdentitySignInUpResult> {
    const { tenantId, thirdPartyId, thirdPartyUserId, isVerified, issuer, formerIssuers } = input;
    if (typeof input.email !== 'string') throw new BadInputError('email must be a text');
    const email = { id: normaliseEmail(input.email), isVerified };
    // Of this product's core service; others know no issuers, and read only what they know.
    const body = { thirdPartyId, thirdPartyUserId, email, issuer, formerIssuers };
    await this.configs.assertOffers(tenantId, 'thirdparty');
    const path = '/recipe/signinup';
    const before = await this.loginMethodOf(input);
    const result = await this.client.call({ method: 'POST', path, tenantId, body, answer: signedInUp });
    if (result.status !== 'OK') return result;
    const { createdNewUser, ...rest } = result;
    const after = rest.user.loginMethods.find(({ recipeUserId }) => recipeUserId === rest.recipeUserId);
    if (before !== undefined && (before.email !== after?.email || before.verified !== after?.verified)) {
      await this.facts.announce({ fact: 'email', recipeUserId: rest.recipeUserId });
    }
    return { ...rest, createdNewRecipeUser: createdNewUser };
  }

  async createOrUpdateThirdPartyConfig(input: {
    tenantId: string;
    config: ThirdPartyConfig;
    skipValidation?: boolean;
  }): Promise<CreateOrUpdateThirdPartyConfigResult> {
    const { tenantId, config, skipValidation } = input;
    toJsonText(config as unknown as JsonObject, 'config');
    const body = { config, skipValidation };
    try {
      return await this.client.call({ method: 'PUT', path: CONFIG_PATH, tenantId, body, answer: configured });
    } catch (error) {
      const reason = error instanceof BadInputError ? refusedFor(error) : undefined;
      if (reason === undefined) throw error;
      return { status: 'CONFIG_VALIDATION_ERROR', reason };
    }
  }

  async deleteThirdPartyConfig(input: {
    tenantId: string;
    thirdPartyId: string;
  }): Promise<{ status: 'OK'; didConfigExist: boolean }> {
    const { tenantId, thirdPartyId } = input;
    const path = `${CONFIG_PATH}/remove`;
    const body = { thirdPartyId };
    return this.client.call({ method: 'POST', path, tenantId, body, isRepeatable: true, answer: removed });
  }

  async listThirdPartyConfigs(tenantId: string): Promise<ThirdPartyConfig[]> {
    const path = await this.tenants.tenantPath();
    const result = await this.client.call({ method: 'GET', path, tenantId, answer: tenant });
    if (result.status !== 'OK') throw new UnknownTenantError(tenantId);
    return result.thirdParty.providers.toSorted((left, right) => (left.thirdPartyId < right.thirdPartyId ? -1 : 1));
  }

  /** As it is before a sign-in, whose answer does not say what it has changed. */
  private async loginMethodOf(input: ThirdPartySignInUpInput): Promise<LoginMethod | undefined> {
    const thirdParty = { id: input.thirdPartyId, userId: input.thirdPartyUserId };
    const [user] = await this.users.listUsersByAccountInfo({ tenantId: input.tenantId, accountInfo: { thirdParty } });
    return user?.loginMethods.find((method) => isDeepStrictEqual(method.thirdParty, thirdParty));
  }
}

function refusedFor({ publicMessage }: BadInputError): string | undefined {
  const isRefusal = publicMessage.startsWith(INVALID_THIRD_PARTY_CONFIG);
  return isRefusal ? publicMessage.slice(INVALID_THIRD_PARTY_CONFIG.length) : undefined;
}

function isConfig(value: unknown): boolean {
  return typeof (Object(value) as { thirdPartyId?: unknown }).thirdPartyId === 'string';
}
