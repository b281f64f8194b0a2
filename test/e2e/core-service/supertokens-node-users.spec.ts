import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import supertokens, { RecipeUserId } from 'supertokens-node';
import * as EmailPassword from 'supertokens-node/recipe/emailpassword';
import * as EmailVerification from 'supertokens-node/recipe/emailverification';
import * as Multitenancy from 'supertokens-node/recipe/multitenancy';
import * as Session from 'supertokens-node/recipe/session';
import * as ThirdParty from 'supertokens-node/recipe/thirdparty';
import * as UserRoles from 'supertokens-node/recipe/userroles';
import type { Core } from '../../../lib/core/core.js';
import { createEmbeddedCore } from '../../../lib/core/parts/embedded-core.js';
import { UserImportCore } from '../../../lib/core/user-import.core.js';
import { cheapPasswordHasher } from '../../contract/cores.js';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient } from '../../support/core-service-client.js';
import { initSupertokensNode } from '../../support/supertokens-node.js';
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder.js';

const PASSWORD = 'correct-horse-1';

describe('Users of supertokens-node on the core service', () => {
  let folder: TemporaryFolder;
  let service: RunningCoreService;
  let client: CoreServiceClient;
  /** Over the same data, for what the wire has no operation for. */
  let core: Core;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const database = { sqlite: folder.path('auth.sqlite') };
    service = await startCoreService({ database });
    core = await createEmbeddedCore(database, { passwordHasher: cheapPasswordHasher });
    client = new CoreServiceClient(service.url);
    initSupertokensNode(service.url);
    await Multitenancy.createOrUpdateTenant('acme', {});
  });
  afterAll(async () => {
    await core.close();
    await service.close();
    await folder.remove();
  });

  async function signUp(email: string, tenantId = 'public') {
    const result = await EmailPassword.signUp(tenantId, email, PASSWORD);
    if (result.status !== 'OK') throw new Error(result.status);
    return result;
  }

  it('are found by the beginning of an email, its domain, or a provider', async () => {
    const { user: ann } = await signUp('ann@one.example');
    const bob = await ThirdParty.manuallyCreateOrUpdateUser('public', 'github', 'bob-7', 'bob@two.example', true);
    if (bob.status !== 'OK') throw new Error(bob.status);
    const found = async (query: Record<string, string>) =>
      (await supertokens.getUsersOldestFirst({ tenantId: 'public', query })).users.map(({ id }) => id);
    expect(await found({ email: 'ann@' })).toEqual([ann.id]);
    expect(await found({ email: 'two.ex;one.ex' })).toEqual([ann.id, bob.user.id]);
    expect(await found({ provider: 'git' })).toEqual([bob.user.id]);
    expect(await found({ provider: 'git', email: 'one.ex' })).toEqual([]);
    expect(await found({ phone: '+49' })).toEqual([]);
    expect((await client.get('/user/search/tags')).json).toEqual({
      status: 'OK',
      tags: ['email', 'phone', 'provider'],
    });
  });

  it('are found by routes of long ago', async () => {
    const { user } = await signUp('cid@example.com', 'acme');
    const other = await ThirdParty.manuallyCreateOrUpdateUser('acme', 'github', 'cid-7', 'cid@example.com', true);
    if (other.status !== 'OK') throw new Error(other.status);
    const get = async (path: string) => {
      const { status, json, text } = await client.get(path);
      return status === 200 ? json : [status, text.trim()];
    };
    const ok = (id: string) => ({ status: 'OK', user: expect.objectContaining({ id }) });
    expect(await get(`/recipe/user?userId=${user.id}`)).toEqual(ok(user.id));
    expect(await get('/acme/recipe/user?email=CID@example.com')).toEqual(ok(user.id));
    expect(await get('/recipe/user?email=cid@example.com')).toEqual({ status: 'UNKNOWN_EMAIL_ERROR' });
    for (const id of [other.user.id, 'nobody']) {
      expect(await get(`/recipe/user?userId=${id}`)).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
    }
    const oneOfThem = [400, 'Please provide one of userId or email'];
    expect([await get('/recipe/user'), await get('/recipe/user?userId=a&email=b')]).toEqual([oneOfThem, oneOfThem]);

    const byEmail = { status: 'OK', users: [expect.objectContaining({ id: other.user.id })] };
    expect(await get('/acme/recipe/users/by-email?email=cid@example.com')).toEqual(byEmail);
    expect(await get('/recipe/users/by-email?email=cid@example.com')).toEqual({ status: 'OK', users: [] });
    expect(await get('/recipe/users/by-email')).toEqual([400, "Field name 'email' is missing in GET request"]);
  });

  it('are counted since they were active', async () => {
    const since = Date.now();
    const active = async (query = `?since=${since}`) => (await client.get(`/users/count/active${query}`)).json;
    const { recipeUserId } = await signUp('dan@example.com');
    const before = Object(await active()).count as number;
    await Session.createNewSessionWithoutRequestResponse('public', recipeUserId);
    expect(await active()).toEqual({ status: 'OK', count: before + 1 });
    expect(await active(`?since=${since + 86_400_000}`)).toEqual({ status: 'OK', count: 0 });
    for (const query of ['', '?since=yesterday', '?since=-1']) {
      expect((await client.get(`/users/count/active${query}`)).status).toBe(400);
    }
  });

  it('who have a role are mapped by force only', async () => {
    const { user } = await signUp('eve@example.com');
    await UserRoles.createNewRoleOrAddPermissions('reader', []);
    await UserRoles.addRoleToUser('public', user.id, 'reader');
    const ids = { superTokensUserId: user.id, externalUserId: 'old-9' };
    await expect(supertokens.createUserIdMapping(ids)).rejects.toThrow('UserId is already in use in UserRoles recipe');
    expect(await supertokens.createUserIdMapping({ ...ids, force: true })).toEqual({ status: 'OK' });
    expect(await UserRoles.getRolesForUser('public', 'old-9')).toMatchObject({ roles: ['reader'] });
  });

  it('have sessions of one login method, or of all', async () => {
    const account = { recipeId: 'thirdparty', email: 'fay@example.com', thirdPartyUserId: 'fay-7' } as const;
    const [imported] = await core.port(UserImportCore).importUsers([
      {
        loginMethods: [
          { ...account, thirdPartyId: 'google' },
          { ...account, thirdPartyId: 'github' },
        ],
      },
    ]);
    if (imported?.status !== 'OK') throw new Error(imported?.status);
    const methods = imported.loginMethods.map(({ recipeUserId }) => new RecipeUserId(recipeUserId));
    const sessions = methods.map((method) => Session.createNewSessionWithoutRequestResponse('public', method));
    const [first, second] = (await Promise.all(sessions)).map((session) => session.getHandle());
    const other = methods[1]!.getAsString();
    expect((await Session.getAllSessionHandlesForUser(other)).toSorted()).toEqual([first, second].toSorted());
    expect(await Session.getAllSessionHandlesForUser(other, false)).toEqual([second]);
    expect(await Session.revokeAllSessionsForUser(other, false, 'public')).toEqual([second]);
    expect(await Session.revokeAllSessionsForUser(other)).toEqual([first]);
    await expect(supertokens.deleteUser(other, false)).rejects.toThrow('removeAllLinkedAccounts: true only');
    expect((await supertokens.getUser(other))?.loginMethods).toHaveLength(2);
  });

  it('are verified, and get links, by functions that need no request', async () => {
    const { user, recipeUserId } = await signUp('gus@example.com');
    const verify = (password: string) => EmailPassword.verifyCredentials('public', 'gus@example.com', password);
    expect(await verify(PASSWORD)).toEqual({ status: 'OK' });
    expect(await verify('wrong')).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    const made = await EmailPassword.createResetPasswordLink('public', user.id, 'gus@example.com');
    if (made.status !== 'OK') throw new Error(made.status);
    const token = new URL(made.link).searchParams.get('token')!;
    const consumed = { status: 'OK', userId: user.id, email: 'gus@example.com' };
    expect(await EmailPassword.consumePasswordResetToken('public', token)).toEqual(consumed);

    const link = await EmailVerification.createEmailVerificationLink('public', recipeUserId);
    if (link.status !== 'OK') throw new Error(link.status);
    const verification = new URL(link.link).searchParams.get('token')!;
    expect(await EmailVerification.verifyEmailUsingToken('public', verification)).toMatchObject({ status: 'OK' });
    expect(await EmailVerification.createEmailVerificationLink('public', recipeUserId)).toEqual({
      status: 'EMAIL_ALREADY_VERIFIED_ERROR',
    });
  });
});
