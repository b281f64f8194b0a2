import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordRecipe } from 'latchkey';
import type { AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';
import { CONFIDENTIAL_CLIENT, ENDPOINTS, PUBLIC_CLIENT, TestOidcProvider } from '../../support/oidc-provider.js';
import { localProvider, startThirdPartyApp } from '../../support/third-party-app.js';
import {
  askForAuthorisationURL,
  finishSignIn,
  signInByProvider,
  startSignIn,
} from '../../support/third-party-sign-in.js';

const scope = ['openid', 'email'];
const redirectURIInfo = {
  redirectURIOnProviderDashboard: 'http://127.0.0.1:3000/',
  redirectURIQueryParams: { code: 'a' },
};

describe.each(frameworks)('The wire of the ThirdParty recipe on %s', (framework) => {
  let provider: TestOidcProvider;
  let auth: AuthApp;

  beforeAll(async () => {
    provider = await TestOidcProvider.start();
    const local = localProvider(provider);
    const several = [
      { ...CONFIDENTIAL_CLIENT, scope, clientType: 'web' },
      { ...PUBLIC_CLIENT, scope, clientType: 'ios' },
    ];
    auth = await startThirdPartyApp(framework, {
      recipes: [EmailPasswordRecipe.init()],
      thirdParty: { providers: [local, { ...local, thirdPartyId: 'several', name: undefined, clients: several }] },
    });
  });
  afterEach(() => provider.proxy.reset());
  afterAll(async () => {
    await auth.app.close();
    await provider.close();
  });

  it.each([
    ['1.17', 'flat', 'createdNewUser'],
    ['2.0', 'flat', 'createdNewUser'],
    ['1.18', 'loginMethods', 'createdNewRecipeUser'],
    ['3.1', 'loginMethods', 'createdNewRecipeUser'],
    ['4.2', 'loginMethods', 'createdNewRecipeUser'],
  ])('answers clients of FDI %s in their words', async (version, shape, created) => {
    const { sub, email } = provider.addAccount();
    const started = await startSignIn(auth.client());
    const { redirectURI, query } = await provider.signIn(started.url.href, sub);
    const { pkceCodeVerifier } = started;
    const info = { redirectURIOnProviderDashboard: redirectURI, redirectURIQueryParams: query, pkceCodeVerifier };
    const body = { thirdPartyId: 'local', redirectURIInfo: info };
    const response = await auth.client().post('/auth/signinup', body, { headers: { 'fdi-version': version } });
    const { user, ...rest } = (await response.json()) as { user: object };
    expect(rest).toEqual({ status: 'OK', [created]: true });
    const thirdParty = { id: 'local', userId: sub };
    expect(user).toMatchObject(
      shape === 'flat' ? { email, thirdParty } : { emails: [email], thirdParty: [thirdParty] },
    );
    expect(Object.keys(user).includes('loginMethods')).toBe(shape === 'loginMethods');
  });

  it('gives no token of the provider to the browser', async () => {
    const { sub } = provider.addAccount();
    const response = await signInByProvider(auth.client(), provider, sub);
    expect(await response.text()).not.toMatch(/access_token|id_token|refresh_token|oAuthTokens|raw/i);
  });

  it('makes one user of first sign-ins at once', async () => {
    const { sub } = provider.addAccount();
    const responses = await Promise.all([1, 2, 3].map(() => signInByProvider(auth.client(), provider, sub)));
    const answers = (await Promise.all(responses.map((each) => each.json()))) as {
      status: string;
      createdNewRecipeUser: boolean;
      user: { id: string };
    }[];
    expect(answers.map(({ status }) => status)).toEqual(['OK', 'OK', 'OK']);
    expect(new Set(answers.map(({ user }) => user.id)).size).toBe(1);
    expect(answers.filter(({ createdNewRecipeUser }) => createdNewRecipeUser)).toHaveLength(1);
  });

  it('knows the clients of one provider apart', async () => {
    const { sub } = provider.addAccount();
    const ios = { thirdPartyId: 'several', clientType: 'ios' };
    const started = await startSignIn(auth.client(), ios);
    expect(started.url.searchParams.get('client_id')).toBe(PUBLIC_CLIENT.clientId);
    const redirect = await provider.signIn(started.url.href, sub);
    for (const clientType of [undefined, 'android', '__proto__', 'IOS']) {
      const other = { thirdPartyId: 'several', clientType };
      expect((await askForAuthorisationURL(auth.client(), other)).status).toBe(400);
      expect((await finishSignIn(auth.client(), started, redirect, other)).status).toBe(400);
    }
    expect(provider.proxy.to(ENDPOINTS.token)).toEqual([]);
    expect(await (await finishSignIn(auth.client(), started, redirect, ios)).json()).toMatchObject({ status: 'OK' });
  });

  it('lists the ways in for clients that draw their buttons by it', async () => {
    const methods = {
      status: 'OK',
      emailPassword: { enabled: true },
      passwordless: { enabled: false },
      webauthn: { enabled: false },
      firstFactors: ['emailpassword', 'thirdparty'],
    };
    const list = async (query = '') => (await auth.client().get(`/auth/loginmethods${query}`)).json();
    const local = { id: 'local', name: 'Local' };
    expect(await list()).toEqual({ ...methods, thirdParty: { enabled: true, providers: [local] } });
    const several = { id: 'several', name: 'several' };
    expect(await list('?clientType=ios')).toEqual({ ...methods, thirdParty: { enabled: true, providers: [several] } });
    expect(provider.proxy.requests).toEqual([]);
  });

  it.each<[string, string]>([
    ['', 'Please provide the thirdPartyId as a GET param'],
    ['thirdPartyId=local', 'Please provide the redirectURIOnProviderDashboard as a GET param'],
    [
      'thirdPartyId=a&thirdPartyId=b&redirectURIOnProviderDashboard=x',
      'Please provide the thirdPartyId as a GET param',
    ],
    [
      'thirdPartyId=nobody&redirectURIOnProviderDashboard=http://127.0.0.1:3000/',
      'the provider nobody could not be found in the configuration',
    ],
    [
      'thirdPartyId=__proto__&redirectURIOnProviderDashboard=http://127.0.0.1:3000/',
      'the provider __proto__ could not be found in the configuration',
    ],
    [
      `thirdPartyId=${encodeURIComponent('http://169.254.169.254/latest')}&redirectURIOnProviderDashboard=http://127.0.0.1:3000/`,
      'the provider http://169.254.169.254/latest could not be found in the configuration',
    ],
  ])('refuses authorisationurl?%s', async (query, message) => {
    const response = await auth.client().get(`/auth/authorisationurl?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message });
  });

  it.each<[unknown, string]>([
    [{}, 'Please provide the thirdPartyId in request body'],
    [[], 'Please provide the thirdPartyId in request body'],
    [{ thirdPartyId: ['local'] }, 'Please provide the thirdPartyId in request body'],
    [{ thirdPartyId: 'local' }, 'Please provide one of redirectURIInfo or oAuthTokens in the request body'],
    [{ thirdPartyId: 'local', clientType: 7, redirectURIInfo }, 'clientType must be a string'],
    [
      { thirdPartyId: 'local', redirectURIInfo: null },
      'Please provide the redirectURIOnProviderDashboard in request body',
    ],
    [
      { thirdPartyId: 'local', redirectURIInfo: { ...redirectURIInfo, redirectURIQueryParams: undefined } },
      'Please provide the redirectURIQueryParams in request body',
    ],
    [
      { thirdPartyId: 'local', redirectURIInfo: { ...redirectURIInfo, redirectURIQueryParams: ['code'] } },
      'Please provide the redirectURIQueryParams in request body',
    ],
    [
      { thirdPartyId: 'local', redirectURIInfo: { ...redirectURIInfo, pkceCodeVerifier: {} } },
      'pkceCodeVerifier must be a string',
    ],
    [{ thirdPartyId: 'nobody', redirectURIInfo }, 'the provider nobody could not be found in the configuration'],
    ...[null, 'token', [], {}, { access_token: 7 }, { id_token: {} }, { access_token: '' }].map(
      (oAuthTokens): [unknown, string] => [
        { thirdPartyId: 'local', oAuthTokens },
        'oAuthTokens must be an object with access_token or id_token, which are strings',
      ],
    ),
  ])('refuses the body %j', async (body, message) => {
    const client = auth.client();
    const response = await client.auth('signinup', body);
    expect(await response.json()).toEqual({ message });
    expect(response.status).toBe(400);
    expect(client.tokens).toEqual({});
    expect(provider.proxy.requests).toEqual([]);
  });

  it.each([
    ['no code', {}],
    ['an empty one', { code: '' }],
    ['one that is no text', { code: ['a', 'b'] }],
  ])('asks the provider nothing where the redirect has %s', async (_what, query) => {
    const started = await startSignIn(auth.client());
    const redirect = { redirectURI: 'http://127.0.0.1:3000/', query: query as Record<string, string> };
    const response = await finishSignIn(auth.client(), started, redirect);
    expect(await response.json()).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(provider.proxy.to(ENDPOINTS.token)).toEqual([]);
  });

  it('knows no provider in a tenant that is not there', async () => {
    const tenant = { basePath: '/auth/nowhere' };
    const response = await askForAuthorisationURL(auth.client(), tenant);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: 'Unknown tenant: nowhere' });
    expect((await auth.client().get('/auth/nowhere/loginmethods')).status).toBe(400);
  });
});
