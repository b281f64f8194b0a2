import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SessionFunctions, type CreateNewSessionInput } from 'latchkey';
import { cookieSet } from '../../support/answers.js';
import { splitToken } from '../../support/access-tokens.js';
import { onFastify } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

@Injectable()
class Stamping extends SessionFunctions {
  override createNewSession(input: CreateNewSessionInput) {
    return super.createNewSession({ ...input, accessTokenPayload: { ...input.accessTokenPayload, stamp: 'shop' } });
  }
}

const bearer = (token?: string) => ({ authorization: `Bearer ${token}` });
const kids = async (issuer: string) => {
  const { keys } = (await (await fetch(`${issuer}/jwt/jwks.json`)).json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
};

describe.each(onFastify)('two applications in one process on %s', (framework) => {
  let shop: SessionApp;
  let desk: SessionApp;
  beforeAll(async () => {
    [shop, desk] = await Promise.all([
      startSessionApp(framework, {
        appInfo: {
          apiBasePath: '/shop-auth',
          apiDomain: 'http://api.shop.example',
          websiteDomain: 'http://shop.example',
        },
        session: {
          cookieDomain: '.shop.example',
          antiCsrf: 'VIA_TOKEN',
          sessionExpiredStatusCode: 440,
          useDynamicAccessTokenSigningKey: false,
          override: { functions: Stamping },
        },
      }),
      startSessionApp(framework, { session: { errorHandlers: {} } }),
    ]);
  });
  afterAll(() => Promise.all([shop.close(), desk.close()]));

  test('each has its own options and overrides', async () => {
    const [atShop, atDesk] = [await shop.signedIn('cookie'), await desk.signedIn('cookie')];
    const ofShop = cookieSet(atShop.response, 'sAccessToken');
    const ofDesk = cookieSet(atDesk.response, 'sAccessToken');
    expect([ofShop.domain, ofDesk.domain]).toEqual(['.shop.example', undefined]);
    const [shopToken, deskToken] = [splitToken(ofShop.value!), splitToken(ofDesk.value!)];
    expect([shopToken.payload.stamp, deskToken.payload.stamp]).toEqual(['shop', undefined]);
    expect([shopToken.payload.iss, deskToken.payload.iss]).toEqual([
      'http://api.shop.example/shop-auth',
      `${desk.url}/auth`,
    ]);
    expect([shopToken.header.kid, deskToken.header.kid].map((kid) => String(kid).slice(0, 2))).toEqual(['s-', 'd-']);
    expect([atShop, atDesk].map(({ response }) => response.headers.has('anti-csrf'))).toEqual([true, false]);
  });

  test('each has its own routes and status codes', async () => {
    expect((await fetch(`${shop.url}/auth/signout`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${desk.url}/shop-auth/signout`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${shop.url}/me`)).status).toBe(440);
    expect((await fetch(`${desk.url}/me`)).status).toBe(401);
  });

  test('neither accepts the tokens of the other', async () => {
    const pairs = [
      [shop, desk, 401, '/auth'],
      [desk, shop, 440, '/shop-auth'],
    ] as const;
    for (const [from, to, status, path] of pairs) {
      const { tokens } = (await from.signedIn('header')).client;
      const verified = await fetch(`${to.url}/me`, { headers: bearer(tokens.accessToken) });
      expect([verified.status, await verified.json()]).toEqual([status, { message: 'try refresh token' }]);
      const refresh = await fetch(`${to.url}${path}/session/refresh`, {
        method: 'POST',
        headers: bearer(tokens.refreshToken),
      });
      expect([refresh.status, await refresh.json()]).toEqual([status, { message: 'unauthorised' }]);
    }
  });

  test('neither publishes the keys of the other, nor knows its sessions', async () => {
    const [ofShop, ofDesk] = [await kids(`${shop.url}/shop-auth`), await kids(`${desk.url}/auth`)];
    expect(ofShop.filter((kid) => ofDesk.includes(kid))).toEqual([]);

    const { handle } = await shop.signedIn();
    const functions = desk.app.get(SessionFunctions, { strict: false });
    expect(await functions.getSessionInformation({ sessionHandle: handle })).toBeUndefined();
    expect(await functions.revokeSession({ sessionHandle: handle })).toBe(false);
  });
});
