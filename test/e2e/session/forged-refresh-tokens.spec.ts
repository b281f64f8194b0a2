import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { SessionFunctions } from 'latchkey';
import { clearsCookies, clearsHeaders } from '../../support/answers.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { onFastify } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

describe.each(onFastify)('refresh tokens that are not what they claim, on %s', (framework) => {
  let app: SessionApp;
  let other: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework);
    other = await startSessionApp(framework);
  });
  afterAll(() => Promise.all([app.close(), other.close()]));

  const post = (headers: Record<string, string>) =>
    fetch(`${app.url}/auth/session/refresh`, { method: 'POST', headers });
  const ways = [
    (token: string) => post({ authorization: `Bearer ${token}` }),
    (token: string) => post({ cookie: `sRefreshToken=${token}` }),
  ];

  /** The handle is no secret: every access token has it. So nobody may end a session by knowing it. */
  test.each([
    ['garbage', () => 'garbage'],
    ['a changed MAC', (token: string) => change(token, 2)],
    ['a changed nonce', (token: string) => change(token, 1)],
    ['a changed handle', (token: string) => change(token, 0)],
    ['no MAC', (token: string) => token.split('.').slice(0, 2).join('.')],
    ['another version', (token: string) => token.replace(/V2$/, 'V1')],
    ['something behind it', (token: string) => `${token}.more`],
    ['a line break behind it', (token: string) => `${token}%0A`],
    ['the handle and made-up rest', (token: string) => `${token.split('.')[0]}.${'A'.repeat(43)}.${'A'.repeat(43)}.V2`],
    ['a very long text', (token: string) => `${token}${'A'.repeat(10_000)}`],
  ])('%s is a plain 401 that clears, and the session lives on', async (_what, forge) => {
    const { client, handle } = await app.signedIn('header');
    for (const [at, send] of ways.entries()) {
      const response = await send(forge(client.tokens.refreshToken!));
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: 'unauthorised' });
      const cameAsCookie = at === 1;
      expect([clearsCookies(response), clearsHeaders(response)]).toEqual([cameAsCookie, true]);
    }
    const functions = app.app.get(SessionFunctions, { strict: false });
    expect(await functions.getSessionInformation({ sessionHandle: handle })).toBeDefined();
    expect((await client.refresh()).status).toBe(200);
  });

  test('a refresh token of another application is unknown', async () => {
    const { client } = await other.signedIn('header');
    for (const send of ways) expect((await send(client.tokens.refreshToken!)).status).toBe(401);
    expect((await client.refresh()).status).toBe(200);
  });

  test('one of a revoked session is unknown, and no theft', async () => {
    const { client, handle } = await app.signedIn('header');
    await app.app.get(SessionFunctions, { strict: false }).revokeSession({ sessionHandle: handle });
    const response = await client.refresh();
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'unauthorised' });
  });

  test('one whose time is over is unknown', async () => {
    const setClockAhead = clockAhead();
    const short = await startSessionApp(framework, {
      core: { accessTokenLifetimeSeconds: 60, refreshTokenLifetimeSeconds: 60 },
    });
    try {
      const { client } = await short.signedIn('header');
      setClockAhead(61_000);
      const response = await client.refresh();
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: 'unauthorised' });
    } finally {
      jest.restoreAllMocks();
      await short.close();
    }
  });
});

function change(token: string, at: number): string {
  const parts = token.split('.');
  const part = parts[at]!;
  parts[at] = `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}`;
  return parts.join('.');
}
