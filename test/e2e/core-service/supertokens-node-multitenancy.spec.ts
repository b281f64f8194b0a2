import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import supertokens from 'supertokens-node';
import * as EmailPassword from 'supertokens-node/recipe/emailpassword';
import * as EmailVerification from 'supertokens-node/recipe/emailverification';
import * as Multitenancy from 'supertokens-node/recipe/multitenancy';
import * as Session from 'supertokens-node/recipe/session';
import * as ThirdParty from 'supertokens-node/recipe/thirdparty';
import * as UserMetadata from 'supertokens-node/recipe/usermetadata';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { initSupertokensNode } from '../../support/supertokens-node.js';

const PASSWORD = 'correct-horse-1';

describe('supertokens-node on an app of the core service', () => {
  let service: RunningCoreService;

  beforeAll(async () => {
    service = await startCoreService();
    const appId = randomUUID();
    const created = await fetch(`${service.url}/recipe/multitenancy/app/v2`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appId, coreConfig: { access_token_validity: 60 } }),
    });
    expect(await created.json()).toEqual({ status: 'OK', createdNew: true });
    initSupertokensNode(`${service.url}/appid-${appId}`);
  });
  afterAll(() => service.close());

  async function signUp(email: string, tenantId = 'public') {
    const result = await EmailPassword.signUp(tenantId, email, PASSWORD);
    if (result.status !== 'OK') throw new Error(result.status);
    return result;
  }

  it('takes lifetimes from the configuration of the app', async () => {
    const { recipeUserId } = await signUp('lifetime@example.com');
    const session = await Session.createNewSessionWithoutRequestResponse('public', recipeUserId);
    const { exp, iat } = session.getAccessTokenPayload() as { exp: number; iat: number };
    expect(exp - iat).toBe(60);
  });

  it('makes tenants, which share no users', async () => {
    expect(await Multitenancy.createOrUpdateTenant('acme', { firstFactors: ['emailpassword'] })).toEqual({
      status: 'OK',
      createdNew: true,
    });
    expect(await Multitenancy.createOrUpdateTenant('acme', { coreConfig: {} })).toMatchObject({ createdNew: false });
    expect(await Multitenancy.getTenant('acme')).toEqual({
      status: 'OK',
      tenantId: 'acme',
      thirdParty: { providers: [] },
      firstFactors: ['emailpassword'],
      coreConfig: {},
    });
    expect(await Multitenancy.getTenant('unknown')).toBeUndefined();

    const { user } = await signUp('ada@example.com', 'acme');
    expect(user.tenantIds).toEqual(['acme']);
    expect(await EmailPassword.signIn('public', 'ada@example.com', PASSWORD)).toEqual({
      status: 'WRONG_CREDENTIALS_ERROR',
    });
    expect(await supertokens.getUserCount(undefined, 'acme')).toBe(1);
  });

  it('tells of factors in one and in all, and takes them away', async () => {
    const config = { firstFactors: ['thirdparty', 'emailpassword'], requiredSecondaryFactors: ['totp'] };
    await Multitenancy.createOrUpdateTenant('hooli', {
      ...config,
      coreConfig: { password_reset_token_lifetime: 60_000 },
    });
    const { status, ...tenant } = (await Multitenancy.getTenant('hooli'))!;
    expect({ status, ...tenant }).toMatchObject({
      status: 'OK',
      ...config,
      coreConfig: { password_reset_token_lifetime: 60_000 },
    });
    expect((await Multitenancy.listAllTenants()).tenants).toContainEqual(tenant);

    const nothing = {
      firstFactors: null,
      requiredSecondaryFactors: null,
      coreConfig: { password_reset_token_lifetime: null },
    };
    await Multitenancy.createOrUpdateTenant('hooli', nothing);
    expect(await Multitenancy.getTenant('hooli')).toEqual({
      status: 'OK',
      tenantId: 'hooli',
      thirdParty: { providers: [] },
      coreConfig: {},
    });
    await expect(Multitenancy.createOrUpdateTenant('hooli', { requiredSecondaryFactors: [] })).rejects.toThrow(
      'requiredSecondaryFactors cannot be empty',
    );
    await expect(Multitenancy.deleteTenant('public')).rejects.toThrow('Cannot delete public tenant');
    expect(await Multitenancy.associateUserToTenant('hooli', supertokens.convertToRecipeUserId('nobody'))).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
  });

  it('names the tenant in the handles of its sessions', async () => {
    await Multitenancy.createOrUpdateTenant('globex');
    const { recipeUserId } = await signUp('bob@example.com', 'globex');
    const session = await Session.createNewSessionWithoutRequestResponse('globex', recipeUserId);

    expect(session.getHandle()).toMatch(/_globex$/);
    expect(session.getTenantId()).toBe('globex');
    expect(await Session.getSessionInformation(session.getHandle())).toMatchObject({ tenantId: 'globex' });
    expect(await Session.revokeSession(session.getHandle())).toBe(true);
  });

  it('removes tenants with the memberships in them', async () => {
    await Multitenancy.createOrUpdateTenant('initech');
    const { recipeUserId, user } = await signUp('carol@example.com', 'initech');
    expect(await Multitenancy.associateUserToTenant('public', recipeUserId)).toMatchObject({
      status: 'OK',
      wasAlreadyAssociated: false,
    });

    expect(await Multitenancy.deleteTenant('initech')).toEqual({ status: 'OK', didExist: true });
    expect(await Multitenancy.deleteTenant('initech')).toEqual({ status: 'OK', didExist: false });
    expect((await supertokens.getUser(user.id))?.tenantIds).toEqual(['public']);
    expect(await Multitenancy.disassociateUserFromTenant('public', recipeUserId)).toEqual({
      status: 'OK',
      wasAssociated: true,
    });
    const { tenants } = await Multitenancy.listAllTenants();
    expect(tenants.map(({ tenantId }) => tenantId)).not.toContain('initech');
  });

  it('keeps the providers of a tenant', async () => {
    const clients = [{ clientId: 'id', clientSecret: 'secret' }];
    const config = { thirdPartyId: 'google', name: 'Google', clients };
    const put = () => Multitenancy.createOrUpdateThirdPartyConfig('public', config);

    expect(await put()).toEqual({ status: 'OK', createdNew: true });
    expect(await put()).toEqual({ status: 'OK', createdNew: false });
    expect((await Multitenancy.getTenant('public'))?.thirdParty.providers).toEqual([config]);
    expect(await Multitenancy.deleteThirdPartyConfig('public', 'google')).toEqual({
      status: 'OK',
      didConfigExist: true,
    });
    expect((await Multitenancy.getTenant('public'))?.thirdParty.providers).toEqual([]);
  });

  it('takes a provider without a name, or with an empty client id, and says why another is refused', async () => {
    const put = (config: object) => Multitenancy.createOrUpdateThirdPartyConfig('public', config as never);
    const nameless = { thirdPartyId: 'github', clients: [{ clientId: '', clientSecret: 'secret' }] };
    const apple = { thirdPartyId: 'apple', clients: [{ clientId: 'id', clientSecret: 'secret' }] };

    for (const config of [nameless, apple]) expect(await put(config)).toEqual({ status: 'OK', createdNew: true });
    expect((await Multitenancy.getTenant('public'))?.thirdParty.providers).toEqual([apple, nameless]);
    const provider = await ThirdParty.getProvider('public', 'github', undefined);
    expect(provider?.config).toMatchObject({ name: 'Github', clientId: '' });
    for (const { thirdPartyId } of [nameless, apple]) {
      await Multitenancy.deleteThirdPartyConfig('public', thirdPartyId);
    }
    await expect(put({ thirdPartyId: 'apple', clients: [{ clientId: 'id' }] })).rejects.toThrow(
      'Invalid third party config: a non empty string value must be specified for keyId, teamId and privateKey',
    );
    expect((await Multitenancy.getTenant('public'))?.thirdParty.providers).toEqual([]);
  });

  it('signs users of providers up and in', async () => {
    const signInUp = (email: string) => ThirdParty.manuallyCreateOrUpdateUser('public', 'google', 'g-1', email, true);
    const created = await signInUp('dan@example.com');
    expect(created).toMatchObject({ status: 'OK', createdNewRecipeUser: true });
    if (created.status !== 'OK') return;

    expect(created.user.loginMethods).toMatchObject([
      { recipeId: 'thirdparty', thirdParty: { id: 'google', userId: 'g-1' } },
    ]);
    expect(await signInUp('dan@example.com')).toMatchObject({ createdNewRecipeUser: false });
    expect(
      await supertokens.listUsersByAccountInfo('public', { thirdParty: { id: 'google', userId: 'g-1' } }),
    ).toMatchObject([{ id: created.user.id }]);
  });

  it('finds users by the beginnings of what they sign in by', async () => {
    const made = await signUp('heidi@search.example');
    await ThirdParty.manuallyCreateOrUpdateUser('public', 'search-idp', 's-1', 'ivan@search.example', true);
    const found = async (query: Record<string, string>) => {
      const { users } = await supertokens.getUsersOldestFirst({ tenantId: 'public', query });
      return users.map(({ emails }) => emails[0]);
    };
    expect(await found({ email: 'heidi' })).toEqual(made.user.emails);
    expect(await found({ email: 'search.ex' })).toEqual(['heidi@search.example', 'ivan@search.example']);
    expect(await found({ email: 'nobody;HEIDI' })).toEqual(['heidi@search.example']);
    expect(await found({ provider: 'search-' })).toEqual(['ivan@search.example']);
    expect(await found({ phone: '+49' })).toEqual([]);
  });

  it('verifies emails', async () => {
    const { recipeUserId } = await signUp('eve@example.com');
    expect(await EmailVerification.isEmailVerified(recipeUserId)).toBe(false);

    const token = await EmailVerification.createEmailVerificationToken('public', recipeUserId);
    if (token.status !== 'OK') throw new Error(token.status);
    const verify = (text: string) => EmailVerification.verifyEmailUsingToken('public', text, false);
    expect(await verify('forged')).toEqual({ status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' });
    expect(await verify(token.token)).toMatchObject({ status: 'OK', user: { email: 'eve@example.com' } });

    expect(await EmailVerification.isEmailVerified(recipeUserId)).toBe(true);
    expect(await EmailVerification.createEmailVerificationToken('public', recipeUserId)).toEqual({
      status: 'EMAIL_ALREADY_VERIFIED_ERROR',
    });
    await EmailVerification.unverifyEmail(recipeUserId);
    expect(await EmailVerification.isEmailVerified(recipeUserId)).toBe(false);
  });

  it('keeps metadata of users', async () => {
    const update = (metadata: object) => UserMetadata.updateUserMetadata('somebody', metadata as never);
    await update({ theme: 'dark', seen: { intro: true } });

    expect(await update({ theme: null, seen: { tour: true } })).toEqual({
      status: 'OK',
      metadata: { seen: { tour: true } },
    });
    expect(await UserMetadata.getUserMetadata('somebody')).toMatchObject({ metadata: { seen: { tour: true } } });
    await UserMetadata.clearUserMetadata('somebody');
    expect(await UserMetadata.getUserMetadata('somebody')).toMatchObject({ metadata: {} });
  });

  it('shows users under the ids of another system', async () => {
    const { user } = await signUp('frank@example.com');
    const map = () => supertokens.createUserIdMapping({ superTokensUserId: user.id, externalUserId: 'old-7' });

    expect(await map()).toEqual({ status: 'OK' });
    expect(await map()).toEqual({
      status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR',
      doesSuperTokensUserIdExist: true,
      doesExternalUserIdExist: true,
    });
    expect(await EmailPassword.signIn('public', 'frank@example.com', PASSWORD)).toMatchObject({
      user: { id: 'old-7' },
    });
    expect(await supertokens.getUserIdMapping({ userId: 'old-7' })).toEqual({
      status: 'OK',
      superTokensUserId: user.id,
      externalUserId: 'old-7',
    });
    expect(await supertokens.deleteUserIdMapping({ userId: 'old-7' })).toEqual({ status: 'OK', didMappingExist: true });
    expect((await supertokens.getUser(user.id))?.id).toBe(user.id);
  });

  it('maps ids that are in use where it is told to, and nothing is lost', async () => {
    const { user } = await signUp('grace@example.com');
    await UserMetadata.updateUserMetadata(user.id, { plan: 'gold' });
    const ids = { superTokensUserId: user.id, externalUserId: 'old-8' };
    const inUse = 'UserId is already in use in UserMetadata recipe';

    await expect(supertokens.createUserIdMapping(ids)).rejects.toThrow(inUse);
    expect(await supertokens.getUserIdMapping({ userId: user.id })).toEqual({ status: 'UNKNOWN_MAPPING_ERROR' });
    expect(await supertokens.createUserIdMapping({ ...ids, force: true })).toEqual({ status: 'OK' });
    expect(await supertokens.createUserIdMapping(ids)).toMatchObject({
      status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR',
    });
    expect((await UserMetadata.getUserMetadata('old-8')).metadata).toEqual({ plan: 'gold' });

    const unmap = (force?: boolean) => supertokens.deleteUserIdMapping({ userId: 'old-8', force });
    await expect(unmap()).rejects.toThrow(inUse);
    expect(await unmap(true)).toEqual({ status: 'OK', didMappingExist: true });
    expect((await UserMetadata.getUserMetadata(user.id)).metadata).toEqual({ plan: 'gold' });
  });
});
