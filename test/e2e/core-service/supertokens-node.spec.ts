import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import supertokens, { RecipeUserId } from 'supertokens-node';
import * as EmailPassword from 'supertokens-node/recipe/emailpassword';
import * as Session from 'supertokens-node/recipe/session';
import { PrimitiveClaim } from 'supertokens-node/recipe/session/claims';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { initSupertokensNode } from '../../support/supertokens-node.js';

const PASSWORD = 'correct-horse-1';
let sequence = 0;

describe('supertokens-node on the core service', () => {
  let service: RunningCoreService;

  beforeAll(async () => {
    service = await startCoreService({ apiKeys: ['a-key-of-the-driver'] });
    initSupertokensNode(service.url, 'a-key-of-the-driver');
  });
  afterAll(() => service.close());

  async function signUp(email = `user-${(sequence += 1)}@example.com`) {
    const result = await EmailPassword.signUp('public', email, PASSWORD);
    if (result.status !== 'OK') throw new Error(result.status);
    return { email, user: result.user, recipeUserId: result.recipeUserId };
  }

  async function newSession(payload: object = {}, data: object = {}) {
    const { recipeUserId } = await signUp();
    const session = await Session.createNewSessionWithoutRequestResponse('public', recipeUserId, payload, data, true);
    return { session, tokens: session.getAllSessionTokensDangerously() };
  }

  it('signs up and in', async () => {
    const { email, user } = await signUp('Ada@Example.com');

    expect(user.toJson()).toMatchObject({ emails: ['ada@example.com'], tenantIds: ['public'], isPrimaryUser: false });
    expect(await EmailPassword.signUp('public', email, PASSWORD)).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect(await EmailPassword.signIn('public', 'ada@example.com', PASSWORD)).toMatchObject({ status: 'OK' });
    expect(await EmailPassword.signIn('public', 'ada@example.com', 'wrong-horse-1')).toEqual({
      status: 'WRONG_CREDENTIALS_ERROR',
    });
  });

  it('is refused after ten wrong passwords, by an error that it makes of a 429', async () => {
    const { email } = await signUp();
    const guess = () => EmailPassword.verifyCredentials('public', email, 'wrong-horse-1');
    for (let time = 0; time < 10; time++) expect(await guess()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    await expect(guess()).rejects.toThrow('with status code: 429');
  });

  it('makes sessions and verifies their tokens by itself', async () => {
    const { session, tokens } = await newSession({ role: 'admin', nothing: null }, { theme: 'dark' });
    const verified = await Session.getSessionWithoutRequestResponse(tokens.accessToken);

    expect(verified.getUserId()).toBe(session.getUserId());
    expect(verified.getAccessTokenPayload()).toMatchObject({ role: 'admin', nothing: null });
    expect(await verified.getSessionDataFromDatabase()).toEqual({ theme: 'dark' });
  });

  it('refreshes; the parent works until its child is used', async () => {
    const { tokens } = await newSession();
    const refresh = (token = '') => Session.refreshSessionWithoutRequestResponse(token, true);

    const first = (await refresh(tokens.refreshToken)).getAllSessionTokensDangerously();
    const second = (await refresh(tokens.refreshToken)).getAllSessionTokensDangerously();
    expect(first.refreshToken).not.toBe(tokens.refreshToken);

    // Seeing the access token is use enough.
    const used = await Session.getSessionWithoutRequestResponse(second.accessToken);
    expect(used.getAllSessionTokensDangerously().accessToken).not.toBe(second.accessToken);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({
      type: 'TOKEN_THEFT_DETECTED',
      payload: { sessionHandle: used.getHandle(), userId: used.getUserId() },
    });
  });

  it('says that a session is gone where it asks the core', async () => {
    const { session, tokens } = await newSession();
    await session.revokeSession();

    await expect(
      Session.getSessionWithoutRequestResponse(tokens.accessToken, undefined, { checkDatabase: true }),
    ).rejects.toMatchObject({ type: 'UNAUTHORISED' });
    await expect(Session.refreshSessionWithoutRequestResponse(tokens.refreshToken!, true)).rejects.toMatchObject({
      type: 'UNAUTHORISED',
    });
    expect(await Session.getSessionInformation(session.getHandle())).toBeUndefined();
  });

  it('changes claims and data', async () => {
    const { session } = await newSession({ kept: 1 }, { a: 1 });
    await session.mergeIntoAccessTokenPayload({ plan: 'gold' });
    await session.updateSessionDataInDatabase({ b: null });

    expect(await Session.getSessionInformation(session.getHandle())).toMatchObject({
      customClaimsInAccessTokenPayload: { kept: 1, plan: 'gold' },
      sessionDataInDatabase: { b: null },
      tenantId: 'public',
    });
    expect(await Session.mergeIntoAccessTokenPayload('unknown', { a: 1 })).toBe(false);
  });

  it('keeps claims with their own values', async () => {
    const claim = new PrimitiveClaim<string>({ key: 'plan', fetchValue: () => 'silver' });
    const { session } = await newSession();
    await session.fetchAndSetClaim(claim);

    expect(await session.getClaimValue(claim)).toBe('silver');
    expect(await Session.getClaimValue(session.getHandle(), claim)).toEqual({ status: 'OK', value: 'silver' });
    await expect(session.assertClaims([claim.validators.hasValue('gold')])).rejects.toMatchObject({
      type: 'INVALID_CLAIMS',
    });
  });

  it('lists and revokes the sessions of a user', async () => {
    const { recipeUserId, user } = await signUp();
    const sessions = await Promise.all(
      [1, 2, 3].map(() => Session.createNewSessionWithoutRequestResponse('public', recipeUserId, {}, {}, true)),
    );
    const handles = sessions.map((session) => session.getHandle()).sort();

    expect((await Session.getAllSessionHandlesForUser(user.id)).sort()).toEqual(handles);
    expect(await Session.revokeMultipleSessions([handles[0]!, 'unknown'])).toEqual([handles[0]]);
    expect((await Session.revokeAllSessionsForUser(user.id)).sort()).toEqual(handles.slice(1));
    expect(await Session.getAllSessionHandlesForUser(user.id)).toEqual([]);
  });

  it('signs JWTs that its key set verifies', async () => {
    const { keys } = await Session.getJWKS();
    expect(keys.map(({ kid }) => kid.slice(0, 2)).sort()).toEqual(['d-', 's-']);
    expect(await Session.createJWT({ a: 1 }, 60)).toMatchObject({ status: 'OK', jwt: expect.stringMatching(/^ey/) });
  });

  it('takes JWTs that say what the access token of a session says, and none of another session', async () => {
    const { session } = await newSession({ role: 'user' });
    const { session: other } = await newSession();
    const { antiCsrfToken: _none, parentRefreshTokenHash1: _neither, ...claims } = session.getAccessTokenPayload();
    const jwtOf = async (payload: object) => {
      const made = await Session.createJWT({ ...claims, ...payload }, 60, false);
      if (made.status !== 'OK') throw new Error(made.status);
      return made.jwt;
    };
    const verify = (jwt: string) =>
      Session.getSessionWithoutRequestResponse(jwt, undefined, { checkDatabase: true, antiCsrfCheck: false });

    const verified = await verify(await jwtOf({ scope: 'mail' }));
    expect(verified.getAccessTokenPayload()).toMatchObject({ scope: 'mail', sub: session.getUserId() });
    await verified.mergeIntoAccessTokenPayload({ role: 'admin' });
    expect(verified.getAccessTokenPayload()).toMatchObject({ role: 'admin', sessionHandle: session.getHandle() });

    for (const payload of [{ sub: other.getUserId() }, { sessionHandle: other.getHandle() }, { sessionHandle: 'x' }]) {
      await expect(verify(await jwtOf(payload))).rejects.toMatchObject({ type: 'UNAUTHORISED' });
    }
    await session.revokeSession();
    await expect(verify(await jwtOf({}))).rejects.toMatchObject({ type: 'UNAUTHORISED' });
  });

  it('resets passwords', async () => {
    const { email, user } = await signUp();
    const created = await EmailPassword.createResetPasswordToken('public', user.id, email);
    if (created.status !== 'OK') throw new Error(created.status);

    const reset = (token: string) => EmailPassword.resetPasswordUsingToken('public', token, 'another-horse-1');
    expect(await reset('forged')).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
    expect(await reset(created.token)).toMatchObject({ status: 'OK' });
    expect(await reset(created.token)).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
    expect(await EmailPassword.signIn('public', email, 'another-horse-1')).toMatchObject({ status: 'OK' });
    expect(await EmailPassword.signIn('public', email, PASSWORD)).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
  });

  it('changes emails and passwords', async () => {
    const { recipeUserId } = await signUp();
    const { email: taken } = await signUp();
    const update = (input: { email?: string; password?: string }) =>
      EmailPassword.updateEmailOrPassword({ recipeUserId, ...input });

    expect(await update({ email: 'changed@example.com', password: 'another-horse-1' })).toEqual({ status: 'OK' });
    expect(await EmailPassword.signIn('public', 'changed@example.com', 'another-horse-1')).toMatchObject({
      status: 'OK',
    });
    expect(await update({ email: taken })).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect(
      await EmailPassword.updateEmailOrPassword({ recipeUserId: new RecipeUserId('unknown'), email: 'x@example.com' }),
    ).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
  });

  it('finds, counts, pages through and deletes users', async () => {
    const made = [await signUp(), await signUp(), await signUp()];
    const count = await supertokens.getUserCount();
    expect(await supertokens.getUserCount(['emailpassword'], 'public')).toBe(count);

    const ids: string[] = [];
    let paginationToken: string | undefined;
    do {
      const page = await supertokens.getUsersNewestFirst({ tenantId: 'public', limit: 2, paginationToken });
      ids.push(...page.users.map(({ id }) => id));
      paginationToken = page.nextPaginationToken;
    } while (paginationToken !== undefined);
    expect(new Set(ids).size).toBe(count);
    expect(ids).toEqual(expect.arrayContaining(made.map(({ user }) => user.id)));

    const { email, user } = made[0]!;
    expect(await supertokens.listUsersByAccountInfo('public', { email })).toMatchObject([{ id: user.id }]);
    await supertokens.deleteUser(user.id);
    expect(await supertokens.getUser(user.id)).toBeUndefined();
    expect(await supertokens.listUsersByAccountInfo('public', { email })).toEqual([]);
    expect(await supertokens.getUserCount()).toBe(count - 1);
  });
});
