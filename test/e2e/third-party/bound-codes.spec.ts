import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthApp } from '../../support/auth-app.js';
import { FakeProvider } from '../../support/fake-provider.js';
import { frameworks } from '../../support/frameworks.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';

const redirectURI = 'http://127.0.0.1:3000/auth/callback/plain';
const ORIGIN = { origin: 'http://127.0.0.1:3000' };

describe.each(frameworks)('a code, on %s', (framework) => {
  let fake: FakeProvider;
  let auth: AuthApp;

  beforeAll(async () => {
    fake = await FakeProvider.start();
    const endpoints = { authorizationEndpoint: `${fake.url}/authorize`, tokenEndpoint: `${fake.url}/token` };
    const clients = [{ clientId: 'client-id', clientSecret: 'secret' }];
    const plain = { thirdPartyId: 'plain', ...endpoints, userInfoEndpoint: `${fake.url}/me`, clients };
    auth = await startThirdPartyApp(framework, { thirdParty: { providers: [plain] } });
    fake.server.answer('/token', { access_token: 'a', token_type: 'bearer' });
    fake.server.answer('/me', { sub: '1', id: '1', email: 'ada@example.com' });
  });
  afterAll(async () => {
    await auth.app.close();
    await fake.close();
  });

  async function begin(): Promise<string> {
    const query = new URLSearchParams({ thirdPartyId: 'plain', redirectURIOnProviderDashboard: redirectURI });
    const response = await fetch(`${auth.url}/auth/authorisationurl?${query}`, { headers: ORIGIN });
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^sThirdPartyFlow=.*HttpOnly/i);
    // It holds a secret of this browser, as does the verifier in its body.
    expect(response.headers.get('cache-control')).toBe('no-store');
    return cookie.split(';')[0]!;
  }
  async function redeem(headers: Record<string, string>): Promise<string> {
    const redirectURIInfo = { redirectURIOnProviderDashboard: redirectURI, redirectURIQueryParams: { code: 'c' } };
    const response = await fetch(`${auth.url}/auth/signinup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ thirdPartyId: 'plain', redirectURIInfo }),
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

  it('is taken from clients that keep no cookies', async () => {
    expect(await redeem({})).toBe('OK');
    expect(await redeem({ ...ORIGIN, 'st-auth-mode': 'header' })).toBe('OK');
  });
});
