import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import {
  PrimitiveClaim,
  SessionContainer,
  SessionFunctions,
  TokenTheftDetectedError,
  TryRefreshTokenError,
  UnauthorisedError,
} from 'latchkey';
import { splitToken } from '../../support/access-tokens.js';
import { onExpress } from '../../support/frameworks.js';
import { LOGIN_METHOD, startSessionApp, type SessionApp } from '../../support/session-app.js';

const plan = new PrimitiveClaim<string>({ key: 'plan', fetchValue: (userId) => `plan of ${userId}` });
let users = 0;
const newUser = () => `user-${++users}`;

describe.each(onExpress)('SessionFunctions, without a request, beside clients on %s', (framework) => {
  let app: SessionApp;
  let functions: SessionFunctions;
  beforeAll(async () => {
    const core = { accessTokenLifetimeSeconds: 600, refreshTokenLifetimeSeconds: 7200 };
    app = await startSessionApp(framework, { core });
    functions = app.app.get(SessionFunctions, { strict: false });
  });
  afterAll(() => app.close());

  test('createNewSession gives a session whose tokens work over HTTP', async () => {
    const session = await functions.createNewSession({ userId: 'ada', accessTokenPayload: { plan: 'pro' } });
    expect(session).toBeInstanceOf(SessionContainer);
    const tokens = session.getAllSessionTokensDangerously();
    expect(tokens).toMatchObject({ accessAndFrontTokenUpdated: true, antiCsrfToken: undefined });
    const client = app.client();
    client.tokens = { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken };
    expect(await (await client.get('/me')).json()).toMatchObject({ userId: 'ada', payload: { plan: 'pro' } });
    expect((await client.refresh()).status).toBe(200);
  });

  test('createNewSession refuses tenants that do not exist and payloads that are not JSON', async () => {
    await expect(functions.createNewSession({ userId: 'ada', tenantId: 'nowhere' })).rejects.toMatchObject({
      code: 'UNKNOWN_TENANT',
    });
    for (const accessTokenPayload of [{ at: new Date() }, { f: () => 1 }, { n: Number.NaN }, { big: 1n }] as never[]) {
      await expect(functions.createNewSession({ userId: 'ada', accessTokenPayload })).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
    }
    expect(await functions.getAllSessionHandlesForUser({ userId: 'nobody' })).toEqual([]);
  });

  test('getSession verifies an access token, and tells by its error what the client should do', async () => {
    const { client, handle } = await app.signedIn();
    const accessToken = client.tokens.accessToken!;
    expect((await functions.getSession({ accessToken }))!.getHandle()).toBe(handle);
    await expect(functions.getSession({})).rejects.toBeInstanceOf(UnauthorisedError);
    await expect(functions.getSession({ accessToken: 'garbage' })).rejects.toBeInstanceOf(UnauthorisedError);
    await expect(functions.getSession({ accessToken: `${accessToken}A` })).rejects.toBeInstanceOf(TryRefreshTokenError);
    const options = { sessionRequired: false };
    expect(await functions.getSession({ options })).toBeUndefined();
    expect(await functions.getSession({ accessToken: 'garbage', options })).toBeUndefined();
    await functions.revokeSession({ sessionHandle: handle });
    await expect(functions.getSession({ accessToken })).rejects.toBeInstanceOf(UnauthorisedError);
    expect(await functions.getSession({ accessToken, options })).toBeUndefined();
    await expect(functions.getSession({ accessToken, options: { checkDatabase: true } })).rejects.toBeInstanceOf(
      UnauthorisedError,
    );
  });

  test('refreshSession gives new tokens and reports theft, with the session already revoked', async () => {
    const { client, handle } = await app.signedIn();
    const refreshToken = client.tokens.refreshToken!;
    const refreshed = await functions.refreshSession({ refreshToken });
    const { refreshToken: next } = refreshed.getAllSessionTokensDangerously();
    await functions.refreshSession({ refreshToken: next! });
    const theft = functions.refreshSession({ refreshToken });
    await expect(theft).rejects.toBeInstanceOf(TokenTheftDetectedError);
    await expect(theft).rejects.toMatchObject({ sessionHandle: handle, userId: 'ada', recipeUserId: 'ada' });
    expect(await functions.getSessionInformation({ sessionHandle: handle })).toBeUndefined();
  });

  test('getSessionInformation tells everything that is stored, and no secret', async () => {
    const before = Date.now();
    const { handle } = await app.signedIn('header', {
      userId: 'ada',
      recipeUserId: LOGIN_METHOD,
      accessTokenPayload: { plan: 'pro' },
      sessionDataInDatabase: { cart: [] },
    });
    const information = (await functions.getSessionInformation({ sessionHandle: handle }))!;
    expect(information).toEqual({
      sessionHandle: handle,
      userId: 'ada',
      recipeUserId: LOGIN_METHOD,
      tenantId: 'public',
      timeCreated: expect.any(Number),
      expiry: information.timeCreated + 7_200_000,
      sessionDataInDatabase: { cart: [] },
      customClaimsInAccessTokenPayload: { plan: 'pro', iss: `${app.url}/auth` },
    });
    expect(information.timeCreated).toBeGreaterThanOrEqual(before);
  });

  test('getAllSessionHandlesForUser lists the sessions of one user', async () => {
    const userId = newUser();
    const [one, two] = [await app.signedIn('header', { userId }), await app.signedIn('cookie', { userId })];
    await app.signedIn('header', { userId: newUser() });
    const handles = [one.handle, two.handle].sort();
    expect((await functions.getAllSessionHandlesForUser({ userId })).sort()).toEqual(handles);
    expect((await functions.getAllSessionHandlesForUser({ userId, tenantId: 'public' })).sort()).toEqual(handles);
    const elsewhere = { userId, tenantId: 'nowhere' };
    await expect(functions.getAllSessionHandlesForUser(elsewhere)).rejects.toMatchObject({ code: 'UNKNOWN_TENANT' });
    for (const fetchAcrossAllTenants of [true, false]) {
      const input = { userId, fetchAcrossAllTenants, fetchSessionsForAllLinkedAccounts: false };
      expect((await functions.getAllSessionHandlesForUser(input)).sort()).toEqual(handles);
    }
    const everywhere = { ...elsewhere, revokeAcrossAllTenants: true, revokeSessionsForLinkedAccounts: false };
    expect((await functions.revokeAllSessionsForUser(everywhere)).sort()).toEqual(handles);
  });

  test('revokeSession, revokeMultipleSessions and revokeAllSessionsForUser tell what they ended', async () => {
    const userId = newUser();
    const clients = await Promise.all([1, 2, 3, 4, 5].map(() => app.signedIn('header', { userId })));
    const [a, b, c, ...rest] = clients.map(({ handle }) => handle);
    expect(await functions.revokeSession({ sessionHandle: a! })).toBe(true);
    expect(await functions.revokeSession({ sessionHandle: a! })).toBe(false);
    const sessionHandles = [a!, b!, c!, 'unknown'];
    expect((await functions.revokeMultipleSessions({ sessionHandles })).sort()).toEqual([b, c].sort());
    expect(await functions.revokeMultipleSessions({ sessionHandles: [] })).toEqual([]);
    expect((await functions.revokeAllSessionsForUser({ userId })).sort()).toEqual(rest.sort());
    expect(await functions.revokeAllSessionsForUser({ userId })).toEqual([]);
    for (const { client } of clients) {
      expect((await client.get('/me/checked')).status).toBe(401);
      expect((await client.refresh()).status).toBe(401);
    }
  });

  test('updateSessionData replaces the data of a session', async () => {
    const { handle: sessionHandle } = await app.signedIn('header', { sessionDataInDatabase: { a: 1 } });
    expect(await functions.updateSessionData({ sessionHandle, newSessionData: { b: 2 } })).toBe(true);
    expect((await functions.getSessionInformation({ sessionHandle }))!.sessionDataInDatabase).toEqual({ b: 2 });
  });

  test('updateAccessTokenPayload replaces the custom claims, from the next refresh on', async () => {
    const signedIn = await app.signedIn('header', { accessTokenPayload: { a: 1 } });
    const input = { sessionHandle: signedIn.handle, newAccessTokenPayload: { b: 2 } };
    expect(await functions.updateAccessTokenPayload(input)).toBe(true);
    expect(await (await signedIn.client.get('/me')).json()).toMatchObject({ payload: { a: 1 } });
    const payload = await claimsAfterRefresh(signedIn);
    expect(payload).toMatchObject({ b: 2, sub: 'ada' });
    expect(payload).not.toHaveProperty('a');
  });

  test('mergeIntoAccessTokenPayload sets and removes custom claims, from the next refresh on', async () => {
    const signedIn = await app.signedIn('header', { accessTokenPayload: { a: 1, b: 2 } });
    const input = { sessionHandle: signedIn.handle, accessTokenPayloadUpdate: { a: null, c: 3 } };
    expect(await functions.mergeIntoAccessTokenPayload(input)).toBe(true);
    const payload = await claimsAfterRefresh(signedIn);
    expect(payload).toMatchObject({ b: 2, c: 3 });
    expect(payload).not.toHaveProperty('a');
  });

  test('mergeIntoAccessTokenPayload keeps what several merges set at once', async () => {
    const { handle: sessionHandle } = await app.signedIn();
    const updates = ['a', 'b', 'c', 'd'].map((name) => ({ [name]: 1 }));
    await Promise.all(
      updates.map((accessTokenPayloadUpdate) =>
        functions.mergeIntoAccessTokenPayload({ sessionHandle, accessTokenPayloadUpdate }),
      ),
    );
    const { customClaimsInAccessTokenPayload: claims } = (await functions.getSessionInformation({ sessionHandle }))!;
    expect(claims).toMatchObject({ a: 1, b: 1, c: 1, d: 1 });
  });

  test.each(['sub', 'tId', 'refreshTokenHash1'])('no function writes the protected claim %s', async (claim) => {
    const { handle: sessionHandle, client } = await app.signedIn();
    const forged = { [claim]: 'forged' };
    const refused = { code: 'BAD_INPUT' };
    const accessToken = client.tokens.accessToken!;
    const attempts = [
      () => functions.updateAccessTokenPayload({ sessionHandle, newAccessTokenPayload: forged }),
      () => functions.mergeIntoAccessTokenPayload({ sessionHandle, accessTokenPayloadUpdate: forged }),
      () => functions.regenerateAccessToken({ accessToken, newAccessTokenPayload: forged }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(refused);
  });

  test('regenerateAccessToken signs new claims into a token of the same expiry', async () => {
    const { client } = await app.signedIn('header', { accessTokenPayload: { a: 1 } });
    const accessToken = client.tokens.accessToken!;
    const regenerated = (await functions.regenerateAccessToken({ accessToken, newAccessTokenPayload: { b: 2 } }))!;
    const [before, after] = [accessToken, regenerated.accessToken.token].map((token) => splitToken(token).payload);
    expect(after).toEqual({ ...before, a: undefined, b: 2, iat: expect.any(Number) });
    expect(regenerated.session.accessTokenPayload).toEqual({ ...after, aud: undefined });
    const again = await functions.regenerateAccessToken({ accessToken: regenerated.accessToken.token });
    expect(again!.session.accessTokenPayload).toMatchObject({ b: 2, sub: 'ada' });
    expect(await functions.regenerateAccessToken({ accessToken: 'garbage' })).toBeUndefined();
  });

  test('the lifetimes are those of the core, in milliseconds', async () => {
    expect(await functions.getAccessTokenLifeTimeMS()).toBe(600_000);
    expect(await functions.getRefreshTokenLifeTimeMS()).toBe(7_200_000);
  });

  test('createJWT signs what others verify by the discovery document, and is no access token', async () => {
    const { client } = await app.signedIn();
    const { issuer, jwks_uri } = await functions.getOpenIdDiscoveryConfiguration();
    const discovered: unknown = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(discovered).toEqual({ issuer, jwks_uri });

    const claims = splitToken(client.tokens.accessToken!).payload;
    const { jwt } = await functions.createJWT({ payload: { ...claims, scope: 'mail' }, validitySeconds: 60 });
    const verified = await jwtVerify(jwt, createRemoteJWKSet(new URL(jwks_uri)), { issuer });
    expect(verified).toMatchObject({
      payload: { scope: 'mail', exp: verified.payload.iat! + 60 },
      protectedHeader: { kid: expect.stringMatching(/^s-/) },
    });
    client.tokens = { accessToken: jwt };
    expect((await client.get('/me')).status).toBe(401);
    client.tokens = { accessToken: (await functions.createJWT({ payload: claims, useStaticSigningKey: false })).jwt };
    expect((await client.get('/me')).status).toBe(401);
  });

  test.each([{ validitySeconds: 0 }, { validitySeconds: 0.5 }, { payload: { at: new Date() } as never }])(
    'createJWT refuses %j',
    async (input) => {
      await expect(functions.createJWT(input)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    },
  );

  test('claims are fetched, set, read and removed by handle', async () => {
    const signedIn = await app.signedIn('header', { userId: 'ada' });
    const { handle: sessionHandle } = signedIn;
    const value = () => functions.getClaimValue({ sessionHandle, claim: plan });
    expect(await value()).toEqual({ status: 'OK', value: undefined });
    expect(await functions.fetchAndSetClaim({ sessionHandle, claim: plan })).toBe(true);
    expect(await value()).toEqual({ status: 'OK', value: 'plan of ada' });
    expect(await functions.setClaimValue({ sessionHandle, claim: plan, value: 'pro' })).toBe(true);
    expect(await value()).toEqual({ status: 'OK', value: 'pro' });
    expect(await claimsAfterRefresh(signedIn)).toMatchObject({ plan: { v: 'pro', t: expect.any(Number) } });
    expect(await functions.removeClaim({ sessionHandle, claim: plan })).toBe(true);
    expect(await value()).toEqual({ status: 'OK', value: undefined });
    expect(await claimsAfterRefresh(signedIn)).not.toHaveProperty('plan');
  });

  test('getGlobalClaimValidators gives those of other recipes, validateClaims judges without a session', async () => {
    const who = { userId: 'ada', recipeUserId: 'ada', tenantId: 'public' };
    const claimValidatorsAddedByOtherRecipes = [plan.validators.hasValue('pro')];
    expect(await functions.getGlobalClaimValidators({ ...who, claimValidatorsAddedByOtherRecipes })).toEqual(
      claimValidatorsAddedByOtherRecipes,
    );
    const result = await functions.validateClaims({
      ...who,
      accessTokenPayload: {},
      claimValidators: claimValidatorsAddedByOtherRecipes,
    });
    expect(result).toEqual({
      invalidClaims: [
        { id: 'plan', reason: { message: 'wrong value', expectedValue: 'pro', actualValue: 'plan of ada' } },
      ],
      accessTokenPayloadUpdate: { plan: { v: 'plan of ada', t: expect.any(Number) } },
    });
  });

  test('a handle that is unknown, or of a revoked session, is answered, not thrown at', async () => {
    const { handle } = await app.signedIn();
    await functions.revokeSession({ sessionHandle: handle });
    for (const sessionHandle of [handle, 'unknown', '', "' or 1=1 --"]) {
      expect(await functions.getSessionInformation({ sessionHandle })).toBeUndefined();
      expect(await functions.revokeSession({ sessionHandle })).toBe(false);
      expect(await functions.updateSessionData({ sessionHandle, newSessionData: {} })).toBe(false);
      expect(await functions.updateAccessTokenPayload({ sessionHandle, newAccessTokenPayload: {} })).toBe(false);
      expect(await functions.mergeIntoAccessTokenPayload({ sessionHandle, accessTokenPayloadUpdate: {} })).toBe(false);
      expect(await functions.fetchAndSetClaim({ sessionHandle, claim: plan })).toBe(false);
      expect(await functions.setClaimValue({ sessionHandle, claim: plan, value: 'pro' })).toBe(false);
      expect(await functions.removeClaim({ sessionHandle, claim: plan })).toBe(false);
      const gone = { status: 'SESSION_DOES_NOT_EXIST_ERROR' };
      expect(await functions.getClaimValue({ sessionHandle, claim: plan })).toEqual(gone);
    }
  });
});

/** The custom claims that the client holds after its next refresh. */
async function claimsAfterRefresh({ client }: Awaited<ReturnType<SessionApp['signedIn']>>) {
  await client.refresh();
  return splitToken(client.tokens.accessToken!).payload;
}
