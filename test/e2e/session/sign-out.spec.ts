import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { SessionFunctions, type SessionClaimValidator } from 'latchkey';
import { clearsCookies, clearsHeaders, cookiesSet, saysNothingOfTokens } from '../../support/answers.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { onExpress } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

@Injectable()
class NobodyIsGoodEnough extends SessionFunctions {
  override async getGlobalClaimValidators(): Promise<SessionClaimValidator[]> {
    return [{ id: 'never', validate: () => ({ isValid: false, reason: 'never' }) }];
  }
}

describe.each(onExpress)('signing out on %s', (framework) => {
  let app: SessionApp;
  let demanding: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework);
    demanding = await startSessionApp(framework, { session: { override: { functions: NobodyIsGoodEnough } } });
  });
  afterAll(() => Promise.all([app.close(), demanding.close()]));

  test.each(['header', 'cookie'] as const)(
    'in %s mode ends the session and clears only its own method',
    async (mode) => {
      const { client, handle } = await app.signedIn(mode);
      const { accessToken } = client.tokens;
      const cookie = client.cookies.headerFor('/auth/session/refresh');
      const response = await client.signOut();
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: 'OK' });
      expect(response.headers.get('front-token')).toBe('remove');
      expect([clearsCookies(response), clearsHeaders(response)]).toEqual([mode === 'cookie', mode === 'header']);
      if (mode === 'header') expect(cookiesSet(response)).toEqual([]);
      if (mode === 'cookie') expect(response.headers.has('st-access-token')).toBe(false);

      const functions = app.app.get(SessionFunctions, { strict: false });
      expect(await functions.getSessionInformation({ sessionHandle: handle })).toBeUndefined();
      const headers: Record<string, string> =
        mode === 'cookie' ? { cookie: cookie! } : { authorization: `Bearer ${accessToken}` };
      expect((await fetch(`${app.url}/me/checked`, { headers })).status).toBe(401);
      expect((await fetch(`${app.url}/auth/session/refresh`, { method: 'POST', headers })).status).toBe(401);
    },
  );

  test.each(['header', 'cookie'] as const)('in %s mode works twice with the same tokens', async (mode) => {
    const { client } = await app.signedIn(mode);
    const [tokens, access] = [client.tokens, client.cookies.get('sAccessToken')];
    expect((await client.signOut()).status).toBe(200);
    client.tokens = tokens;
    if (access !== undefined) client.cookies.set('sAccessToken', access);
    const again = await client.signOut();
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual({ status: 'OK' });
    expect([clearsCookies(again), clearsHeaders(again)]).toEqual([mode === 'cookie', mode === 'header']);
  });

  test('works without a session, and clears nothing', async () => {
    const response = await fetch(`${app.url}/auth/signout`, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'OK' });
    expect(saysNothingOfTokens(response)).toBe(true);
  });

  test('works where the session does not meet the requirements of the application', async () => {
    const { client, handle } = await demanding.signedIn('cookie');
    expect((await client.get('/me')).status).toBe(403);
    const response = await client.signOut();
    expect(response.status).toBe(200);
    expect(clearsCookies(response)).toBe(true);
    const functions = demanding.app.get(SessionFunctions, { strict: false });
    expect(await functions.getSessionInformation({ sessionHandle: handle })).toBeUndefined();
  });

  test('with an expired token asks for a refresh first, since somebody else could have kept it', async () => {
    const moveClock = clockAhead();
    const shortLived = await startSessionApp(framework, { core: { accessTokenLifetimeSeconds: 100 } });
    try {
      const { client } = await shortLived.signedIn('header');
      moveClock(101_000);
      expect((await client.get('/me')).status).toBe(401);
      const response = await client.signOut();
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: 'try refresh token' });
      await client.refresh();
      expect((await client.signOut()).status).toBe(200);
    } finally {
      jest.restoreAllMocks();
      await shortLived.close();
    }
  });

  test('ends this session only', async () => {
    const [one, other] = [await app.signedIn('header'), await app.signedIn('header')];
    await one.client.signOut();
    expect((await other.client.get('/me/checked')).status).toBe(200);
  });
});
