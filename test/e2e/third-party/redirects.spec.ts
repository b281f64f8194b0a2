import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';
import { askForAuthorisationURL, finishSignIn } from '../../support/third-party-sign-in.js';

const appInfo = { appName: 'Acme', apiDomain: 'https://api.example.com', websiteDomain: 'https://www.example.com' };

/** What leads, or seems to lead, somewhere else. */
const elsewhere = [
  'https://evil.example/',
  'https://www.example.com.evil.example/',
  'https://www.example.com@evil.example/',
  'https://evil@www.example.com/',
  'http://www.example.com/',
  'https://www.example.com:8443/',
  'https://sub.www.example.com/',
  'https:\\\\evil.example\\@www.example.com/',
  '//evil.example/',
  '/callback',
  'javascript:alert(1)//https://www.example.com/',
  'data:text/html,https://www.example.com/',
  'https://www.exam\tple.com/',
  ' https://www.example.com/',
  'https://www.example.com/\r\nset-cookie: a=b',
  'com.example.other:/callback',
  'com.example.app:/callback/more',
  'https://partner.example/elsewhere',
  '',
];

const here = [
  'https://www.example.com',
  'https://www.example.com/auth/callback/apple?a=b',
  'https://WWW.example.com:443/',
  'com.example.app:/callback',
  'com.example.app:/callback?a=b#c',
  'https://partner.example/callback?x=1',
];

describe.each(frameworks)('Redirects on %s', (framework) => {
  let auth: AuthApp;

  beforeAll(async () => {
    const provider = {
      thirdPartyId: 'acme',
      clients: [{ clientId: 'a', clientSecret: 'b' }],
      authorizationEndpoint: 'https://id.example/authorize',
      tokenEndpoint: 'http://127.0.0.1:1/token',
    };
    auth = await startThirdPartyApp(framework, {
      auth: { appInfo },
      thirdParty: {
        providers: [provider],
        allowedRedirectURIs: ['com.example.app:/callback', 'https://partner.example/callback'],
      },
    });
  });
  afterAll(() => auth.app.close());

  describe('to a provider', () => {
    const ask = (redirectURI: string) => askForAuthorisationURL(auth.client(), { thirdPartyId: 'acme', redirectURI });
    const finish = (redirectURI: string) =>
      finishSignIn(auth.client(), {}, { redirectURI, query: { code: 'a' } }, { thirdPartyId: 'acme' });

    it.each([...here, 'https://api.example.com/auth/callback/apple'])('may come back at %j', async (redirectURI) => {
      const answer = (await (await ask(redirectURI)).json()) as { urlWithQueryParams: string };
      const url = new URL(answer.urlWithQueryParams);
      expect(url.searchParams.get('redirect_uri')).toBe(redirectURI);
      expect(url.origin).toBe('https://id.example');
      expect((await finish(redirectURI)).status).toBe(200);
    });

    it.each(elsewhere)('may not come back at %j', async (redirectURI) => {
      for (const response of [await ask(redirectURI), await finish(redirectURI)]) {
        expect(response.status).toBe(400);
        expect(await response.json()).toEqual({ message: expect.stringContaining('redirectURIOnProviderDashboard') });
      }
    });
  });

  describe("from Apple's form", () => {
    function post(form: Record<string, string>): Promise<Response> {
      return auth.client().fetch('/auth/callback/apple', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://appleid.apple.com' },
        body: new URLSearchParams(form).toString(),
      });
    }
    const stateFor = (state: unknown) => Buffer.from(JSON.stringify(state)).toString('base64');

    it.each(here)('go to %j, with what Apple says', async (frontendRedirectURI) => {
      const state = stateFor({ state: 'abc', frontendRedirectURI });
      const user = JSON.stringify({ name: { firstName: 'Ada', lastName: 'L&ce' } });
      const response = await post({ code: 'c.0/+&=', state, user });
      expect(response.status).toBe(303);
      const target = new URL(response.headers.get('location')!);
      const expected = new URL(frontendRedirectURI);
      expect(`${target.protocol}${target.host}${target.pathname}${target.hash}`).toBe(
        `${expected.protocol}${expected.host}${expected.pathname}${expected.hash}`,
      );
      expect(Object.fromEntries(target.searchParams)).toEqual({
        ...Object.fromEntries(expected.searchParams),
        code: 'c.0/+&=',
        state,
        user,
      });
    });

    it('pass on that the user has cancelled', async () => {
      const state = stateFor({ frontendRedirectURI: 'https://www.example.com/' });
      const response = await post({ error: 'user_cancelled_authorize', state });
      expect(new URL(response.headers.get('location')!).searchParams.get('error')).toBe('user_cancelled_authorize');
    });

    it.each(elsewhere)('do not go to %j', async (frontendRedirectURI) => {
      const response = await post({ code: 'c', state: stateFor({ state: 'abc', frontendRedirectURI }) });
      expect(response.status).toBe(400);
      expect(response.headers.has('location')).toBe(false);
      expect(response.headers.has('set-cookie')).toBe(false);
    });

    it.each([
      ['nothing', undefined],
      ['no base64', '%%%'],
      ['no JSON', Buffer.from('{').toString('base64')],
      ['a list', stateFor([])],
      ['null', stateFor(null)],
      ['no address', stateFor({ state: 'abc' })],
      ['several addresses', stateFor({ frontendRedirectURI: ['https://www.example.com/', 'https://evil.example/'] })],
    ])('do not go anywhere where the state is %s', async (_what, state) => {
      const response = await post(state === undefined ? { code: 'c' } : { code: 'c', state });
      expect(response.status).toBe(400);
      expect(response.headers.has('location')).toBe(false);
    });

    it('are refused where the address would be too long for a header', async () => {
      const state = stateFor({ frontendRedirectURI: 'https://www.example.com/' });
      const response = await post({ code: 'x'.repeat(9000), state });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ message: 'The form is too large' });
    });

    it('replace what the address has under the same name already', async () => {
      const state = stateFor({ frontendRedirectURI: 'https://www.example.com/?code=old&keep=1' });
      const response = await post({ code: 'new', state });
      const { searchParams } = new URL(response.headers.get('location')!);
      expect(searchParams.getAll('code')).toEqual(['new']);
      expect(searchParams.get('keep')).toBe('1');
    });
  });
});
