import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clearsCookies, cookieSet, cookiesSet, saysNothingOfTokens } from '../../support/answers.js';
import { signedByAttacker } from '../../support/forged-tokens.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

const get = ({ url }: SessionApp, cookie: string) => fetch(`${url}/me`, { headers: { cookie } });
const refresh = ({ url }: SessionApp, cookie: string) =>
  fetch(`${url}/auth/session/refresh`, { method: 'POST', headers: { cookie } });

describe.each(frameworks)('cookies left by the past on %s', (framework) => {
  const apps: SessionApp[] = [];
  let app: SessionApp;
  beforeAll(async () => {
    apps.push((app = await startSessionApp(framework)));
  });
  afterAll(() => Promise.all(apps.map((started) => started.close())));

  describe('sIdRefreshToken', () => {
    test('makes verification ask for a refresh', async () => {
      const { access } = await sessionCookies(app);
      const response = await get(app, `${access}; sIdRefreshToken=old`);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: 'try refresh token' });
      expect(saysNothingOfTokens(response)).toBe(true);
    });

    test('is cleared by the refresh, whose tokens are good', async () => {
      const cookies = await sessionCookies(app);
      const response = await refresh(app, `${cookies.access}; ${cookies.refresh}; sIdRefreshToken=old`);
      expect(response.status).toBe(200);
      expect(cookieSet(response, 'sIdRefreshToken')).toMatchObject({ value: '', path: '/', expires: new Date(0) });
      expect((await get(app, `sAccessToken=${cookieSet(response, 'sAccessToken').value}`)).status).toBe(200);
    });

    test('is cleared by a refresh that is refused, too, so that the client does not loop', async () => {
      const response = await refresh(app, 'sIdRefreshToken=old');
      expect(response.status).toBe(401);
      expect(clearsCookies(response)).toBe(true);
      expect(cookieSet(response, 'sIdRefreshToken')).toMatchObject({ value: '', expires: new Date(0) });
    });

    test('is not mentioned where it is not sent', async () => {
      const { refresh: cookie } = await sessionCookies(app);
      expect(cookiesSet(await refresh(app, cookie), 'sIdRefreshToken')).toEqual([]);
    });
  });

  describe('two cookies of one name', () => {
    test('ask for a refresh where verification cannot tell which one is meant', async () => {
      const { access } = await sessionCookies(app);
      const { access: another } = await sessionCookies(app);
      const doubled = [`${access}; ${access}`, `${access}; ${another}`, 'sAccessToken=a; sAccessToken=b'];
      for (const cookie of [...doubled, `${access}${'; sAccessToken=x'.repeat(5)}`]) {
        const response = await get(app, cookie);
        expect(response.status).toBe(401);
        expect(await response.json()).toEqual({ message: 'try refresh token' });
        expect(saysNothingOfTokens(response)).toBe(true);
      }
    });

    test.each(['old', '', 'a.b.c', 'forged'])(
      'are told apart where a host below the domain has planted %j',
      async (what) => {
        const { access, refresh: refreshCookie } = await sessionCookies(app);
        const value = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1);
        const planted = {
          access: `sAccessToken=${what === 'forged' ? signedByAttacker(value(access)) : what}`,
          refresh: `sRefreshToken=${what === 'forged' ? value(refreshCookie).replace(/.(?=\.V2$)/, (last) => (last === 'A' ? 'E' : 'A')) : what}`,
        };
        let held = { access, refresh: refreshCookie };
        for (const inOrder of [true, false]) {
          const both = (own: string, other: string) => (inOrder ? `${own}; ${other}` : `${other}; ${own}`);
          expect((await get(app, both(held.access, planted.access))).status).toBe(200);
          const cookie = `${both(held.access, planted.access)}; ${both(held.refresh, planted.refresh)}`;
          const response = await refresh(app, cookie);
          expect(response.status).toBe(200);
          held = {
            access: `sAccessToken=${cookieSet(response, 'sAccessToken').value}`,
            refresh: `sRefreshToken=${cookieSet(response, 'sRefreshToken').value}`,
          };
          // Neither is a planted access cookie in the way once ours is nobody's any more.
          const refreshed = await refresh(app, `${planted.access}; ${planted.access}; ${held.refresh}`);
          expect(refreshed.status).toBe(200);
          held = {
            access: `sAccessToken=${cookieSet(refreshed, 'sAccessToken').value}`,
            refresh: `sRefreshToken=${cookieSet(refreshed, 'sRefreshToken').value}`,
          };
        }
      },
    );

    test('are no hindrance for a session that travels in headers', async () => {
      const { client } = await app.signedIn('header');
      const response = await client.get('/me', { headers: { cookie: 'sAccessToken=a; sAccessToken=b' } });
      expect(response.status).toBe(200);
    });

    test('names that only begin or end alike are not counted', async () => {
      const { access } = await sessionCookies(app);
      for (const other of ['xsAccessToken=1', 'sAccessTokenx=1', 'saccesstoken=1']) {
        expect((await get(app, `${other}; ${access}`)).status).toBe(200);
      }
    });

    test('on refresh: a 500 that says which option is missing, where none or several are ours, and no session ends', async () => {
      const { access, refresh: first } = await sessionCookies(app);
      const refreshed = await refresh(app, first);
      const second = `sRefreshToken=${cookieSet(refreshed, 'sRefreshToken').value}`;
      const { access: otherAccess, refresh: other } = await sessionCookies(app);
      for (const cookie of [
        // As after a change of cookieDomain.
        `${first}; ${second}`,
        `${second}; ${other}`,
        `${access}; ${otherAccess}; ${second}`,
        'sRefreshToken=a; sRefreshToken=b',
      ]) {
        const response = await refresh(app, cookie);
        expect(response.status).toBe(500);
        expect(await response.json()).toEqual({
          message: expect.stringMatching(/^The request contains multiple session cookies\..*olderCookieDomain/),
        });
        expect(saysNothingOfTokens(response)).toBe(true);
      }
      for (const cookie of [second, `${other}; ${second}; ${otherAccess}`]) {
        expect((await refresh(app, cookie)).status).toBe(200);
      }
    });

    test('onClearDuplicateSessionCookies answers where they can be cleared', async () => {
      const answering = await startSessionApp(framework, {
        session: {
          olderCookieDomain: '',
          errorHandlers: {
            onClearDuplicateSessionCookies(message, _request, response) {
              response.setStatusCode(299);
              response.sendJSONResponse({ own: message });
            },
          },
        },
      });
      apps.push(answering);
      const { refresh: refreshCookie } = await sessionCookies(answering);
      const response = await refresh(answering, `${refreshCookie}; sRefreshToken=old`);
      expect([response.status, await response.json()]).toEqual([
        299,
        { own: expect.stringMatching(/^The request contains multiple session cookies/) },
      ]);
      expect(cookieSet(response, 'sRefreshToken').value).toBe('');
    });

    test.each([
      ['.example.com', 'api.example.com', '.example.com'],
      ['old.example.com', undefined, 'old.example.com'],
      ['', undefined, undefined],
      ['', 'api.example.com', undefined],
    ])(
      'with olderCookieDomain %p beside cookieDomain %p: 200 without a front token, and only those of %p are cleared',
      async (olderCookieDomain, cookieDomain, clearedDomain) => {
        const moved = await startSessionApp(framework, {
          appInfo: { apiDomain: 'http://api.example.com', websiteDomain: 'http://example.com' },
          session: { olderCookieDomain, cookieDomain },
        });
        apps.push(moved);
        const { access, refresh: refreshCookie } = await sessionCookies(moved);
        const response = await refresh(moved, `${access}; sAccessToken=old; ${refreshCookie}; sRefreshToken=old`);
        expect(response.status).toBe(200);
        expect(response.headers.has('front-token')).toBe(false);
        const cleared = cookiesSet(response).map(({ name, value, domain, path, expires }) => ({
          name,
          value,
          domain,
          path,
          expires: expires?.getTime(),
        }));
        expect(cleared).toEqual([
          { name: 'sAccessToken', value: '', domain: clearedDomain, path: '/', expires: 0 },
          { name: 'sRefreshToken', value: '', domain: clearedDomain, path: '/auth/session/refresh', expires: 0 },
        ]);
        // The browser comes again with what is left.
        expect((await refresh(moved, `${access}; ${refreshCookie}`)).headers.has('front-token')).toBe(true);
      },
    );
  });
});

async function sessionCookies({ signedIn }: SessionApp): Promise<{ access: string; refresh: string }> {
  const { response } = await signedIn('cookie');
  return {
    access: `sAccessToken=${cookieSet(response, 'sAccessToken').value}`,
    refresh: `sRefreshToken=${cookieSet(response, 'sRefreshToken').value}`,
  };
}
