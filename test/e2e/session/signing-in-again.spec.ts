import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SessionFunctions } from 'latchkey';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

describe.each(frameworks)('Signing in again on %s', (framework) => {
  let app: SessionApp;
  let functions: SessionFunctions;

  beforeAll(async () => {
    app = await startSessionApp(framework);
    functions = app.app.get(SessionFunctions);
  });
  afterAll(() => app.close());

  const exists = async (sessionHandle: string) =>
    (await functions.getSessionInformation({ sessionHandle })) !== undefined;

  it.each(['header', 'cookie'] as const)('ends the session that the client had, in %s mode', async (mode) => {
    const other = await app.signedIn(mode);
    const { client, handle } = await app.signedIn(mode);
    const again = (await (await client.post('/login', { userId: 'grace' })).json()) as { handle: string };
    expect(again.handle).not.toBe(handle);
    expect(await exists(handle)).toBe(false);
    expect(await exists(again.handle)).toBe(true);
    expect(await exists(other.handle)).toBe(true);
    expect(await (await client.get('/me')).json()).toMatchObject({ userId: 'grace', handle: again.handle });
  });

  it('ends each session of a client that has several, be it one in headers, in cookies, or in two cookies', async () => {
    const [inHeader, inCookie, inOther] = [await app.signedIn(), await app.signedIn('cookie'), await app.signedIn()];
    const headers = {
      authorization: `Bearer ${inHeader.client.tokens.accessToken}`,
      cookie: `sAccessToken=${inOther.client.tokens.accessToken}; ${inCookie.client.cookies.headerFor('/')!}`,
    };
    const response = await app.client().post('/login', {}, { headers });
    const { handle } = (await response.json()) as { handle: string };
    const handles = [inHeader.handle, inCookie.handle, inOther.handle, handle];
    expect(await Promise.all(handles.map(exists))).toEqual([false, false, false, true]);
  });

  it('is no different where a client refreshes one session and forgets another one in its cookies', async () => {
    const [inHeader, inCookie] = [await app.signedIn(), await app.signedIn('cookie')];
    const headers = {
      authorization: `Bearer ${inHeader.client.tokens.refreshToken}`,
      cookie: inCookie.client.cookies.headerFor('/')!,
    };
    const response = await fetch(`${app.url}/auth/session/refresh`, { method: 'POST', headers });
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie().join()).toContain('sAccessToken=;');
    expect([await exists(inHeader.handle), await exists(inCookie.handle)]).toEqual([true, false]);
  });

  it('keeps it where there is no new one', async () => {
    const { client, handle } = await app.signedIn();
    expect((await client.post('/login', { tenantId: 'nowhere' })).status).toBe(400);
    expect(await exists(handle)).toBe(true);
  });

  it('ends nobody else by a token that we have not signed', async () => {
    const { client, handle } = await app.signedIn();
    const [header, payload] = client.tokens.accessToken!.split('.');
    const authorization = `Bearer ${header}.${payload}.${'A'.repeat(342)}`;
    expect((await app.client().post('/login', {}, { headers: { authorization } })).status).toBe(200);
    expect(await exists(handle)).toBe(true);
  });
});
