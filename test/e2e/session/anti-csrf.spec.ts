import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Session } from 'latchkey';
import { clearsCookies, exposedHeaders, saysNothingOfTokens } from '../../support/answers.js';
import { splitToken } from '../../support/access-tokens.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp, type SignedIn } from '../../support/session-app.js';

@Controller('csrf')
@Session()
class TransferController {
  @Get('checked')
  @Session({ antiCsrfCheck: true })
  checked() {
    return { done: true };
  }

  @Post('unchecked')
  @HttpCode(200)
  @Session({ antiCsrfCheck: false })
  unchecked() {
    return { done: true };
  }
}

const tokenOf = ({ client }: SignedIn) => ({ 'anti-csrf': client.tokens.antiCsrf! });

describe.each(frameworks)('anti-CSRF on %s', (framework) => {
  const controllers = [TransferController];
  const apps: Record<string, SessionApp> = {};
  beforeAll(async () => {
    apps.NONE = await startSessionApp(framework, { controllers, session: { antiCsrf: 'NONE' } });
    apps.HEADER = await startSessionApp(framework, { controllers, session: { antiCsrf: 'VIA_CUSTOM_HEADER' } });
    apps.TOKEN = await startSessionApp(framework, { controllers, session: { antiCsrf: 'VIA_TOKEN' } });
  });
  afterAll(() => Promise.all(Object.values(apps).map((app) => app.close())));

  test('NONE: neither verification nor refresh asks for a header', async () => {
    const app = apps.NONE!;
    const signedIn = await app.signedIn('cookie');
    expect((await fromAnotherSite(app, signedIn, 'POST', '/me')).status).toBe(200);
    expect((await fromAnotherSite(app, signedIn, 'GET', '/csrf/checked')).status).toBe(200);
    expect((await fromAnotherSite(app, signedIn, 'POST', '/auth/session/refresh')).status).toBe(200);
  });

  describe('VIA_CUSTOM_HEADER', () => {
    test('any rid lets a POST through', async () => {
      const app = apps.HEADER!;
      const signedIn = await app.signedIn('cookie');
      for (const rid of ['session', 'anti-csrf', 'thirdparty', 'anything']) {
        expect((await fromAnotherSite(app, signedIn, 'POST', '/me', { rid })).status).toBe(200);
      }
    });

    test('without rid a POST must be refreshed, a GET is let through', async () => {
      const app = apps.HEADER!;
      const signedIn = await app.signedIn('cookie');
      await expectTryRefresh(await fromAnotherSite(app, signedIn, 'POST', '/me'));
      expect((await fromAnotherSite(app, signedIn, 'GET', '/me')).status).toBe(200);
    });

    test('without rid a refresh is refused, nothing is cleared, and the session lives on', async () => {
      const app = apps.HEADER!;
      const signedIn = await app.signedIn('cookie');
      await expectRefusal(await fromAnotherSite(app, signedIn, 'POST', '/auth/session/refresh'));
      expect((await fromAnotherSite(app, signedIn, 'POST', '/auth/session/refresh', { rid: 'session' })).status).toBe(
        200,
      );
    });

    test('without rid a sign-out does not end the session', async () => {
      const app = apps.HEADER!;
      const signedIn = await app.signedIn('cookie');
      await expectTryRefresh(await fromAnotherSite(app, signedIn, 'POST', '/auth/signout'));
      expect((await fromAnotherSite(app, signedIn, 'GET', '/me/checked')).status).toBe(200);
    });

    test('antiCsrfCheck: true also checks a GET, false spares a POST', async () => {
      const app = apps.HEADER!;
      const signedIn = await app.signedIn('cookie');
      await expectTryRefresh(await fromAnotherSite(app, signedIn, 'GET', '/csrf/checked'));
      expect((await fromAnotherSite(app, signedIn, 'GET', '/csrf/checked', { rid: 'x' })).status).toBe(200);
      expect((await fromAnotherSite(app, signedIn, 'POST', '/csrf/unchecked')).status).toBe(200);
    });

    test('it follows from SameSite none where nothing is configured', async () => {
      const app = await startSessionApp(framework, {
        appInfo: { apiDomain: 'https://api.example.com', websiteDomain: 'https://example.org' },
      });
      try {
        const signedIn = await app.signedIn('cookie');
        await expectTryRefresh(await fromAnotherSite(app, signedIn, 'POST', '/me'));
        expect((await fromAnotherSite(app, signedIn, 'POST', '/me', { rid: 'session' })).status).toBe(200);
      } finally {
        await app.close();
      }
    });
  });

  describe('VIA_TOKEN', () => {
    test('the token comes with the session, in a header that scripts may read, and is in the access token', async () => {
      const { client, response } = await apps.TOKEN!.signedIn('cookie');
      expect(response.headers.get('anti-csrf')).toBeTruthy();
      expect(exposedHeaders(response)).toContain('anti-csrf');
      const { payload } = splitToken(client.cookies.get('sAccessToken')!);
      expect(payload.antiCsrfToken).toBe(response.headers.get('anti-csrf'));
    });

    test('a POST needs it; rid is no substitute', async () => {
      const app = apps.TOKEN!;
      const [signedIn, another] = [await app.signedIn('cookie'), await app.signedIn('cookie')];
      expect((await fromAnotherSite(app, signedIn, 'POST', '/me', tokenOf(signedIn))).status).toBe(200);
      for (const headers of [
        {},
        { rid: 'session' },
        { 'anti-csrf': 'wrong' },
        { 'anti-csrf': 'null' },
        tokenOf(another),
      ]) {
        await expectTryRefresh(await fromAnotherSite(app, signedIn, 'POST', '/me', headers));
      }
    });

    test('a GET does not need it, unless antiCsrfCheck is true; a POST with antiCsrfCheck false does not either', async () => {
      const app = apps.TOKEN!;
      const signedIn = await app.signedIn('cookie');
      expect((await fromAnotherSite(app, signedIn, 'GET', '/me')).status).toBe(200);
      expect((await fromAnotherSite(app, signedIn, 'POST', '/csrf/unchecked')).status).toBe(200);
      await expectTryRefresh(await fromAnotherSite(app, signedIn, 'GET', '/csrf/checked'));
      expect((await fromAnotherSite(app, signedIn, 'GET', '/csrf/checked', tokenOf(signedIn))).status).toBe(200);
    });

    test('a refresh needs it and brings a new one; the old one no longer fits', async () => {
      const app = apps.TOKEN!;
      const signedIn = await app.signedIn('cookie');
      const before = tokenOf(signedIn);
      await expectRefusal(await fromAnotherSite(app, signedIn, 'POST', '/auth/session/refresh'));
      await expectRefusal(await fromAnotherSite(app, signedIn, 'POST', '/auth/session/refresh', { rid: 'session' }));
      const wrong = { 'anti-csrf': 'A'.repeat(43) };
      await expectClearedRefusal(await fromAnotherSite(app, signedIn, 'POST', '/auth/session/refresh', wrong));
      expect((await signedIn.client.refresh()).status).toBe(200);

      expect(tokenOf(signedIn)).not.toEqual(before);
      expect((await fromAnotherSite(app, signedIn, 'POST', '/me', tokenOf(signedIn))).status).toBe(200);
      await expectTryRefresh(await fromAnotherSite(app, signedIn, 'POST', '/me', before));
    });

    test('header mode has no such token and needs none, for verification and for refresh', async () => {
      const app = apps.TOKEN!;
      const { client, response } = await app.signedIn('header');
      expect(response.headers.has('anti-csrf')).toBe(false);
      expect(splitToken(client.tokens.accessToken!).payload.antiCsrfToken).toBeNull();
      expect((await client.post('/me', {})).status).toBe(200);
      expect((await client.get('/csrf/checked')).status).toBe(200);
      const refreshed = await client.refresh();
      expect(refreshed.status).toBe(200);
      expect(refreshed.headers.has('anti-csrf')).toBe(false);
    });

    test('a token of header mode put into a cookie passes no check', async () => {
      const app = apps.TOKEN!;
      const { client } = await app.signedIn('header');
      const cookie = `sAccessToken=${client.tokens.accessToken}`;
      for (const antiCsrf of [{}, { 'anti-csrf': '' }, { 'anti-csrf': 'null' }] as Record<string, string>[]) {
        await expectTryRefresh(await fetch(`${app.url}/me`, { method: 'POST', headers: { cookie, ...antiCsrf } }));
      }
    });
  });

  test('header mode is exempt from the custom header, too', async () => {
    const app = apps.HEADER!;
    const { client } = await app.signedIn('header');
    const authorization = `Bearer ${client.tokens.accessToken}`;
    expect((await fetch(`${app.url}/me`, { method: 'POST', headers: { authorization } })).status).toBe(200);
    const refresh = await fetch(`${app.url}/auth/session/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.tokens.refreshToken}` },
    });
    expect(refresh.status).toBe(200);
  });
});

/** What a page of another site can make a browser send: the cookies, and no header of its choosing. */
function fromAnotherSite(app: SessionApp, { client }: SignedIn, method: string, path: string, headers = {}) {
  return fetch(`${app.url}${path}`, { method, headers: { cookie: client.cookies.headerFor(path)!, ...headers } });
}

async function expectTryRefresh(response: Response): Promise<void> {
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ message: 'try refresh token' });
  expect(saysNothingOfTokens(response)).toBe(true);
}

async function expectRefusal(response: Response): Promise<void> {
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ message: 'unauthorised' });
  expect(saysNothingOfTokens(response)).toBe(true);
}

async function expectClearedRefusal(response: Response): Promise<void> {
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ message: 'unauthorised' });
  expect(clearsCookies(response)).toBe(true);
  expect(response.headers.get('front-token')).toBe('remove');
}
