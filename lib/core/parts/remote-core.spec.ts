import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { accessTokenOf, joinToken, splitToken } from '../../../test/support/access-tokens.js';
import { type RunningCoreService, startCoreService } from '../../../test/support/core-service.js';
import { ScriptedCore } from '../../../test/support/scripted-core.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { BadInputError, ConfigurationError, StorageUnavailableError } from '../auth.error.js';
import type { Core } from '../core.js';
import { EmailPasswordCore } from '../email-password.core.js';
import { AuthDatabase } from '../auth-database.js';
import { RevocationFeed } from '../revocation-feed.js';
import { SessionsCore } from '../sessions.core.js';
import { SigningKeysCore } from '../signing-keys.core.js';
import { createRemoteCore } from './remote-core.js';

const newSession = {
  tenantId: 'public',
  userId: 'ada',
  recipeUserId: 'ada',
  accessTokenPayload: {},
  sessionDataInDatabase: {},
  useDynamicSigningKey: true,
  enableAntiCsrf: false,
};

/** A service behind something that sees every request, says which versions there are, and can go down. */
describe('The remote core', () => {
  let service: RunningCoreService;
  let front: ScriptedCore;
  let core: Core;
  let sessions: SessionsCore;
  let nowMs: number;
  let isDown = false;

  beforeEach(async () => {
    service = await startCoreService();
    isDown = false;
    front = await ScriptedCore.start(async ({ method, path, query, headers, body }, response) => {
      if (isDown) return void response.destroy();
      const { 'cdi-version': version = '5.4', 'content-type': type = 'application/json' } = headers;
      const sent = { 'cdi-version': String(version), 'content-type': type };
      const url = `${service.url}${path}?${query.toString()}`;
      const answer = await fetch(url, { method, headers: sent, body: method === 'GET' ? undefined : body });
      const cacheControl = answer.headers.get('cache-control');
      const answerHeaders: Record<string, string> = cacheControl === null ? {} : { 'cache-control': cacheControl };
      return { status: answer.status, headers: answerHeaders, body: await answer.text() };
    });
    nowMs = Date.now();
    core = await createRemoteCore({ connectionURI: front.url }, { clock: () => nowMs });
    sessions = core.port(SessionsCore);
  });
  afterEach(async () => {
    await core.close();
    await front.close();
    await service.close();
  });

  const verify = (accessToken: string, checkDatabase = false) =>
    sessions.verifySession({ accessToken, checkAntiCsrf: false, checkDatabase, useDynamicSigningKey: true });

  it('sends nothing before it is asked for something', async () => {
    expect(front.seen).toEqual([]);
    expect(core.offers(SessionsCore)).toBe(true);
    expect(front.seen).toEqual([]);
  });

  it('verifies tokens without the core, also while that is down', async () => {
    const token = await accessTokenOf(core);
    expect(await verify(token)).toMatchObject({ status: 'OK' });
    const other = await accessTokenOf(core);
    isDown = true;
    front.seen.length = 0;
    expect(await verify(token)).toMatchObject({ status: 'OK' });
    expect(front.seen).toEqual([]);
    // The keys are past their time by now, and good all the same.
    nowMs += 3_599_000;
    expect(await verify(other)).toMatchObject({ status: 'OK' });
    expect((await core.port(SigningKeysCore).getJWKS()).keys.length).toBeGreaterThan(0);
    await expect(verify(other, true)).rejects.toThrow(StorageUnavailableError);
  });

  it('says that the core is down where it never had its keys, and recovers', async () => {
    const token = await accessTokenOf(await createRemoteCore({ connectionURI: front.url }));
    isDown = true;
    await expect(verify(token)).rejects.toThrow(StorageUnavailableError);
    isDown = false;
    expect(await verify(token)).toMatchObject({ status: 'OK' });
  });

  it('does not ask for keys as often as somebody makes up their ids', async () => {
    const token = await accessTokenOf(core);
    await verify(token);
    const requests = () => front.count('/.well-known/jwks.json');
    const before = requests();
    const { header, ...parts } = splitToken(token);
    for (let number = 0; number < 50; number++) {
      const forged = joinToken({ ...parts, header: { ...header, kid: `d-made-up-${number}` } });
      expect(await verify(forged)).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
    }
    expect(requests() - before).toBeLessThanOrEqual(1);
  });

  it('spends a refresh token by the use of its successor with a core of version 5.4', async () => {
    front.versions = ['5.4'];
    const created = await sessions.createNewSession(newSession);
    const refresh = (refreshToken: string) =>
      sessions.refreshSession({ refreshToken, enableAntiCsrf: false, useDynamicSigningKey: true });
    const child = await refresh(created.refreshToken.token);
    if (child.status !== 'OK') throw new Error(child.status);
    expect(splitToken(child.accessToken.token).payload.parentRefreshTokenHash1).toEqual(expect.any(String));

    const used = await verify(child.accessToken.token);
    if (used.status !== 'OK' || used.accessToken === undefined) throw new Error('The token was not replaced');
    expect(used.session.accessTokenPayload.parentRefreshTokenHash1).toBeNull();
    front.seen.length = 0;
    expect(await verify(used.accessToken.token)).toMatchObject({ status: 'OK', session: used.session });
    expect(front.count('/recipe/session/verify')).toBe(0);
    expect(await refresh(created.refreshToken.token)).toMatchObject({ status: 'TOKEN_THEFT_DETECTED' });
  });

  it('makes no session for a login method that is not of the user', async () => {
    await expect(sessions.createNewSession({ ...newSession, recipeUserId: 'grace' })).rejects.toThrow(BadInputError);
    expect(await sessions.getAllSessionHandlesForUser({ userId: 'grace' })).toEqual([]);
    expect(await sessions.getAllSessionHandlesForUser({ userId: 'ada' })).toEqual([]);
  });

  it('keeps the password out of what names it', async () => {
    const emailPassword = core.port(EmailPasswordCore);
    const credentials = { tenantId: 'public', email: 'ada@example.com', password: 'correct horse' };
    await emailPassword.signUp(credentials);
    const signedIn = await emailPassword.signIn(credentials);
    if (signedIn.status !== 'OK') throw new Error(signedIn.status);
    const { recipeUserId, credentialsVersion = '' } = signedIn;
    expect(Buffer.from(credentialsVersion, 'base64url').toString('latin1')).not.toContain('correct horse');
    const elsewhere = (await createRemoteCore({ connectionURI: front.url })).port(EmailPasswordCore);
    const other = `${credentialsVersion.startsWith('A') ? 'B' : 'A'}${credentialsVersion.slice(1)}`;
    for (const forged of ['', 'x', other, 'A'.repeat(1000)]) {
      expect(await emailPassword.areCredentialsCurrent({ recipeUserId, credentialsVersion: forged })).toBe(false);
    }
    expect(await elsewhere.areCredentialsCurrent({ recipeUserId, credentialsVersion })).toBe(false);
    expect(await emailPassword.areCredentialsCurrent({ recipeUserId, credentialsVersion })).toBe(true);
  });

  it('has no database to lend', async () => {
    const database = core.port(AuthDatabase);
    for (const use of [
      () => database.transaction(async () => 1),
      () => database.current(),
      () => database.postgresClient(),
    ]) {
      await expect(use()).rejects.toThrow(ConfigurationError);
    }
    expect(database.inTransaction).toBe(false);
    const callback = jest.fn<() => void>();
    await database.afterCommit(callback);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(await core.transaction(async () => 'done')).toBe('done');
  });

  describe('and what was revoked elsewhere', () => {
    const SINCE = '/latchkey/revocations/since';
    const state = () => core.port(RevocationFeed).state;
    const revokeElsewhere = (handle: string) =>
      fetch(`${service.url}/recipe/session/remove`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cdi-version': '5.4' },
        body: JSON.stringify({ sessionHandles: [handle] }),
      });

    it('is heard from our core service, also what was missed while it was down', async () => {
      const [missed, told] = [await sessions.createNewSession(newSession), await sessions.createNewSession(newSession)];
      expect((await verify(missed.accessToken.token)).status).toBe('OK');
      expect(state()).toMatchObject({ status: 'CURRENT', transport: 'LONG_POLL' });
      isDown = true;
      await revokeElsewhere(missed.session.handle);
      isDown = false;
      const isRefused = (token: string) => async () => (await verify(token)).status === 'UNAUTHORISED';
      await waitUntil(isRefused(missed.accessToken.token));
      await revokeElsewhere(told.session.handle);
      await waitUntil(isRefused(told.accessToken.token));
    });

    it("is not looked for in somebody else's core, nor with revocationFeed: false", async () => {
      const { script } = front;
      front.script = (request, response) =>
        request.path === SINCE ? { status: 404, body: 'Not found' } : script(request, response);
      const off = await createRemoteCore({ connectionURI: front.url, revocationFeed: false });
      for (const [each, asked] of [
        [off, 0],
        [core, 1],
      ] as const) {
        const { accessToken, session } = await each.port(SessionsCore).createNewSession(newSession);
        const input = { accessToken: accessToken.token, checkAntiCsrf: false, checkDatabase: false };
        expect((await each.port(SessionsCore).verifySession(input)).status).toBe('OK');
        await revokeElsewhere(session.handle);
        expect((await each.port(SessionsCore).verifySession(input)).status).toBe('OK');
        expect((await each.port(SessionsCore).verifySession({ ...input, checkDatabase: true })).status).toBe(
          'UNAUTHORISED',
        );
        expect(each.port(RevocationFeed).state.status).toBe('OFF');
        expect(front.count(SINCE)).toBe(asked);
      }
      await off.close();
    });
  });
});
