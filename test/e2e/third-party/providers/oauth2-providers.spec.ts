import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ThirdPartyFunctions, type Provider, type ThirdPartyProviderOptions } from 'latchkey';
import type { AuthApp } from '../../../support/auth-app.js';
import { FakeProvider } from '../../../support/fake-provider.js';
import { startThirdPartyApp } from '../../../support/third-party-app.js';

interface OAuth2Case {
  thirdPartyId: string;
  name: string;
  client?: Partial<NonNullable<ThirdPartyProviderOptions['clients']>[number]>;
  authorization: { endpoint: string; query: Record<string, string> };
  token: { endpoint: string; basic?: boolean; answer?: object };
  /** The answers of the user's endpoints, by the path below the fake server. */
  userInfo: { endpoint: string; query?: Record<string, string>; answers: Record<string, unknown> };
  user: { thirdPartyUserId: string; email?: { id: string; isVerified: boolean } };
  fakeEmail?: boolean;
}

/** Answers are those of the providers' documentation. */
const cases: OAuth2Case[] = [
  {
    thirdPartyId: 'github',
    name: 'GitHub',
    authorization: { endpoint: 'https://github.com/login/oauth/authorize', query: { scope: 'read:user user:email' } },
    token: {
      endpoint: 'https://github.com/login/oauth/access_token',
      answer: { access_token: 'the-token', scope: 'read:user,user:email', token_type: 'bearer' },
    },
    userInfo: {
      endpoint: 'https://api.github.com/user',
      answers: {
        '/user': { login: 'octocat', id: 583231, node_id: 'MDQ6VXNlcjE=', email: null, name: 'monalisa octocat' },
        '/user/emails': [
          { email: 'old@example.com', verified: true, primary: false, visibility: null },
          { email: 'octocat@github.com', verified: true, primary: true, visibility: 'public' },
        ],
      },
    },
    user: { thirdPartyUserId: '583231', email: { id: 'octocat@github.com', isVerified: true } },
  },
  {
    thirdPartyId: 'facebook',
    name: 'Facebook',
    authorization: {
      endpoint: 'https://www.facebook.com/v23.0/dialog/oauth',
      query: { scope: 'email public_profile' },
    },
    token: { endpoint: 'https://graph.facebook.com/v23.0/oauth/access_token' },
    userInfo: {
      endpoint: 'https://graph.facebook.com/v23.0/me',
      query: { fields: 'id,name,email' },
      answers: { '/me': { id: '10158', name: 'Ada Lovelace', email: 'ada@example.com' } },
    },
    user: { thirdPartyUserId: '10158', email: { id: 'ada@example.com', isVerified: false } },
  },
  {
    thirdPartyId: 'discord',
    name: 'Discord',
    authorization: { endpoint: 'https://discord.com/oauth2/authorize', query: { scope: 'identify email' } },
    token: {
      endpoint: 'https://discord.com/api/oauth2/token',
      answer: {
        access_token: 'the-token',
        token_type: 'Bearer',
        expires_in: 604800,
        refresh_token: 'D43f5y',
        scope: 'identify email',
      },
    },
    userInfo: {
      endpoint: 'https://discord.com/api/users/@me',
      answers: {
        '/users/@me': { id: '80351110224678912', username: 'Nelly', verified: true, email: 'nelly@discord.com' },
      },
    },
    user: { thirdPartyUserId: '80351110224678912', email: { id: 'nelly@discord.com', isVerified: true } },
  },
  {
    thirdPartyId: 'linkedin',
    name: 'LinkedIn',
    authorization: {
      endpoint: 'https://www.linkedin.com/oauth/v2/authorization',
      query: { scope: 'openid profile email' },
    },
    token: {
      endpoint: 'https://www.linkedin.com/oauth/v2/accessToken',
      // Without a type, and with an id token that there are no keys for.
      answer: { access_token: 'the-token', expires_in: 5184000, scope: 'email,openid,profile', id_token: 'a.b.c' },
    },
    userInfo: {
      endpoint: 'https://api.linkedin.com/v2/userinfo',
      answers: {
        '/userinfo': { sub: '782bbtaQ', name: 'John Doe', email: 'doe@email.com', email_verified: true },
      },
    },
    user: { thirdPartyUserId: '782bbtaQ', email: { id: 'doe@email.com', isVerified: true } },
  },
  {
    thirdPartyId: 'bitbucket',
    name: 'Bitbucket',
    authorization: { endpoint: 'https://bitbucket.org/site/oauth2/authorize', query: { scope: 'account email' } },
    token: {
      endpoint: 'https://bitbucket.org/site/oauth2/access_token',
      answer: { access_token: 'the-token', scopes: 'account email', expires_in: 7200, token_type: 'bearer' },
    },
    userInfo: {
      endpoint: 'https://api.bitbucket.org/2.0/user',
      answers: {
        '/2.0/user': { type: 'user', uuid: '{d301aafa-d676-4ee0-88be-962be7417567}', display_name: 'Erik' },
        '/2.0/user/emails': {
          pagelen: 10,
          values: [
            { type: 'email', email: 'old@example.com', is_primary: false, is_confirmed: true },
            { type: 'email', email: 'erik@example.com', is_primary: true, is_confirmed: true },
          ],
        },
      },
    },
    user: {
      thirdPartyUserId: '{d301aafa-d676-4ee0-88be-962be7417567}',
      email: { id: 'erik@example.com', isVerified: true },
    },
  },
  {
    thirdPartyId: 'twitter',
    name: 'X',
    authorization: {
      endpoint: 'https://x.com/i/oauth2/authorize',
      query: {
        scope: 'users.read tweet.read',
        code_challenge: expect.stringMatching(/^[\w-]{43}$/) as never,
        code_challenge_method: 'S256',
      },
    },
    token: {
      endpoint: 'https://api.x.com/2/oauth2/token',
      basic: true,
      answer: { token_type: 'bearer', expires_in: 7200, access_token: 'the-token', scope: 'users.read tweet.read' },
    },
    userInfo: {
      endpoint: 'https://api.x.com/2/users/me',
      answers: { '/users/me': { data: { id: '2244994945', name: 'X Dev', username: 'TwitterDev' } } },
    },
    user: { thirdPartyUserId: '2244994945' },
    fakeEmail: true,
  },
  {
    thirdPartyId: 'boxy-saml',
    name: 'SAML',
    client: { additionalConfig: { boxyURL: 'https://jackson.example/' } },
    authorization: { endpoint: 'https://jackson.example/api/oauth/authorize', query: {} },
    token: {
      endpoint: 'https://jackson.example/api/oauth/token',
      answer: { access_token: 'the-token', token_type: 'bearer', expires_in: 300 },
    },
    userInfo: {
      endpoint: 'https://jackson.example/api/oauth/userinfo',
      answers: { '/userinfo': { id: '00u1', email: 'ada@acme.example', firstName: 'Ada', requested: {} } },
    },
    user: { thirdPartyUserId: '00u1', email: { id: 'ada@acme.example', isVerified: false } },
  },
];

const WAY = { tenantId: 'public', userContext: {} };
const redirectURIOnProviderDashboard = 'http://127.0.0.1:3000/auth/callback/x';

describe.each(cases)('$name, from its documented answers,', (testCase) => {
  const { thirdPartyId, authorization, token, userInfo, user } = testCase;
  const clients = [{ clientId: 'client-id', clientSecret: 'client:secret', ...testCase.client }];
  const [userPath = ''] = Object.keys(userInfo.answers);
  let fake: FakeProvider;
  let asShipped: AuthApp;
  let overridden: AuthApp;
  let provider: Provider;

  const start = (options: ThirdPartyProviderOptions) =>
    startThirdPartyApp('Express', { thirdParty: { providers: [options] } });
  const providerOf = async ({ app }: AuthApp) => (await app.get(ThirdPartyFunctions).getProvider({ thirdPartyId }))!;

  beforeAll(async () => {
    fake = await FakeProvider.start();
    asShipped = await start({ thirdPartyId, clients });
    overridden = await start({
      thirdPartyId,
      clients,
      tokenEndpoint: `${fake.url}/token`,
      userInfoEndpoint: `${fake.url}${userPath}`,
    });
    provider = await providerOf(overridden);
    fake.server.answer('/token', token.answer ?? { access_token: 'the-token', token_type: 'bearer', expires_in: 60 });
    for (const [path, answer] of Object.entries(userInfo.answers)) fake.server.answer(path, answer);
  });
  afterAll(async () => {
    await Promise.all([asShipped.app.close(), overridden.app.close(), fake.close()]);
  });

  it('is asked where it is', async () => {
    const shipped = await providerOf(asShipped);
    expect(shipped).toMatchObject({ id: thirdPartyId, name: testCase.name });
    expect(shipped.config).toMatchObject({ tokenEndpoint: token.endpoint, userInfoEndpoint: userInfo.endpoint });
    const redirect = await shipped.getAuthorisationRedirectURL({ ...WAY, redirectURIOnProviderDashboard });
    const url = new URL(redirect.urlWithQueryParams);
    expect(`${url.origin}${url.pathname}`).toBe(authorization.endpoint);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-id',
      redirect_uri: redirectURIOnProviderDashboard,
      response_type: 'code',
      ...authorization.query,
    });
    expect(redirect.pkceCodeVerifier !== undefined).toBe('code_challenge' in authorization.query);
  });

  it('gives a token for a code', async () => {
    fake.server.requests.length = 0;
    const tokens = await provider.exchangeAuthCodeForOAuthTokens({
      ...WAY,
      redirectURIInfo: {
        redirectURIOnProviderDashboard,
        redirectURIQueryParams: { code: 'the-code', state: 'abc' },
        pkceCodeVerifier: 'v'.repeat(43),
      },
    });
    expect(tokens).toMatchObject({ access_token: 'the-token' });
    const [request] = fake.server.to('/token');
    expect(request).toMatchObject({
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/),
      },
    });
    const secret = token.basic ? {} : { client_id: 'client-id', client_secret: 'client:secret' };
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: redirectURIOnProviderDashboard,
      code_verifier: 'v'.repeat(43),
      ...secret,
    });
    const basic = `Basic ${Buffer.from('client-id:client%3Asecret').toString('base64')}`;
    expect(request?.headers.authorization).toBe(token.basic ? basic : undefined);
  });

  it('says who the user is', async () => {
    fake.server.requests.length = 0;
    const oAuthTokens = { access_token: 'the-token', token_type: 'bearer', ...(token.answer as object) };
    const found = await provider.getUserInfo({ ...WAY, oAuthTokens });
    expect(found).toMatchObject(user);
    expect(found.email).toEqual(user.email);
    const requests = fake.server.requests;
    expect(requests.map(({ path }) => path).sort()).toEqual(Object.keys(userInfo.answers).sort());
    for (const { headers } of requests) expect(headers.authorization).toBe('Bearer the-token');
    expect(Object.fromEntries(requests[0]!.query)).toEqual(userInfo.query ?? {});
    const { thirdPartyUserId } = found;
    const fakeEmail = await provider.getFakeEmail({ ...WAY, thirdPartyUserId });
    expect(fakeEmail !== undefined).toBe(testCase.fakeEmail === true);
  });
});
