import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appInfo, type AuthApp } from '../../support/auth-app.js';
import { FakeProvider } from '../../support/fake-provider.js';
import { frameworks } from '../../support/frameworks.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';

const redirectURI = 'http://127.0.0.1:3000/auth/callback/plain';
const ORIGIN = { origin: 'http://127.0.0.1:3000' };
const APP = 'com.example.app:/callback';
const { apiDomain } = appInfo;

describe.each(frameworks)('a code, on %s', (framework) => {
  let fake: FakeProvider;
  let auth: AuthApp;

  beforeAll(async () => {
    fake = await FakeProvider.start();
    const endpoints = { authorizationEndpoint: `${fake.url}/authorize`, tokenEndpoint: `${fake.url}/token` };
    const providers = ['plain', 'other', 'third', 'fourth', 'pkce'].map((thirdPartyId) => ({
      thirdPartyId,
      ...endpoints,
      userInfoEndpoint: `${fake.url}/me`,
      clients: [{ clientId: `client-of-${thirdPartyId}`, clientSecret: 'secret', forcePKCE: thirdPartyId === 'pkce' }],
    }));
    auth = await startThirdPartyApp(framework, { thirdParty: { providers, allowedRedirectURIs: [APP] } });
    fake.server.answer('/token', { access_token: 'a', token_type: 'bearer' });
    fake.server.answer('/me', { sub: '1', id: '1', email: 'ada@example.com' });
  });
  afterAll(async () => {
    await auth.app.close();
    await fake.close();
  });

  async function begin(headers: Record<string, string> = ORIGIN, { thirdPartyId = 'plain' } = {}): Promise<string> {
    const query = new URLSearchParams({ thirdPartyId, redirectURIOnProviderDashboard: redirectURI });
    const response = await fetch(`${auth.url}/auth/authorisationurl?${query}`, { headers });
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^sThirdPartyFlow=.*HttpOnly/i);
    // It holds a secret of this browser, as does the verifier in its body.
    expect(response.headers.get('cache-control')).toBe('no-store');
    return cookie.split(';')[0]!;
  }
  interface Redemption {
    thirdPartyId?: string;
    address?: string;
    pkceCodeVerifier?: string;
  }
  async function redeem(headers: Record<string, string>, redemption: Redemption = {}): Promise<string> {
    const { thirdPartyId = 'plain', address = redirectURI, pkceCodeVerifier } = redemption;
    const redirectURIInfo = {
      redirectURIOnProviderDashboard: address,
      redirectURIQueryParams: { code: 'c' },
      pkceCodeVerifier,
    };
    const response = await fetch(`${auth.url}/auth/signinup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ thirdPartyId, redirectURIInfo }),
    });
    return ((await response.json()) as { status: string }).status;
  }

  it('is taken from a browser that was sent for it, and from no other', async () => {
    const cookie = await begin();
    const browser = { ...ORIGIN, 'st-auth-mode': 'cookie' };
    expect(await redeem(browser)).toBe('GENERAL_ERROR');
    expect(await redeem({ ...browser, cookie: `${cookie}x` })).toBe('GENERAL_ERROR');
    expect(await redeem({ ...browser, cookie })).toBe('OK');
  });

  it('is taken from clients that keep no cookies, unless it may be one of a browser that is on its way', async () => {
    const header = { 'st-auth-mode': 'header' };
    // Before any browser was sent there, and while only those are under way that keep no cookies.
    for (const headers of [{}, { ...ORIGIN, ...header }]) {
      expect(await redeem(headers, { thirdPartyId: 'other' })).toBe('OK');
      await begin({ ...headers, ...header }, { thirdPartyId: 'other' });
    }
    const cookie = await begin(ORIGIN, { thirdPartyId: 'other' });
    for (const headers of [{}, header, { ...ORIGIN, ...header }]) {
      expect(await redeem(headers, { thirdPartyId: 'other' })).toBe('GENERAL_ERROR');
      // Some providers let paths below an address through.
      expect(await redeem(headers, { thirdPartyId: 'other', address: `${redirectURI}/x` })).toBe('GENERAL_ERROR');
      // Another client at the provider, an application on a phone, and Apple's callback, which phones use too.
      expect(await redeem(headers, { thirdPartyId: 'third' })).toBe('OK');
      for (const address of [APP, `${apiDomain}/auth/callback/apple`]) {
        expect(await redeem(headers, { thirdPartyId: 'other', address })).toBe('OK');
      }
    }
    expect(await redeem({ ...header, cookie }, { thirdPartyId: 'other' })).toBe('OK');
  });

  it('is held back by a provider that knows PKCE, and so not by us', async () => {
    await begin(ORIGIN, { thirdPartyId: 'pkce' });
    expect(await redeem({}, { thirdPartyId: 'pkce', pkceCodeVerifier: 'v'.repeat(43) })).toBe('OK');
  });
});
