import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ThirdPartyFunctions, type Provider, type ThirdPartyProviderOptions } from 'latchkey';
import type { AuthApp } from '../../../support/auth-app.js';
import { FakeProvider } from '../../../support/fake-provider.js';
import { startThirdPartyApp } from '../../../support/third-party-app.js';

interface OpenIdCase {
  thirdPartyId: string;
  name: string;
  client?: Partial<NonNullable<ThirdPartyProviderOptions['clients']>[number]>;
  discovery: string;
  query: Record<string, string>;
  claims: Record<string, unknown>;
  user: { thirdPartyUserId: string; email: { id: string; isVerified: boolean } };
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const appleKey = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** Claims are those of the providers' documentation. */
const cases: OpenIdCase[] = [
  {
    thirdPartyId: 'google',
    name: 'Google',
    discovery: 'https://accounts.google.com',
    query: { scope: 'openid email', access_type: 'offline', include_granted_scopes: 'true' },
    claims: { sub: '110169484474386276334', azp: 'client-id', email: 'jsmith@example.com', email_verified: true },
    user: { thirdPartyUserId: '110169484474386276334', email: { id: 'jsmith@example.com', isVerified: true } },
  },
  {
    thirdPartyId: 'google-workspaces',
    name: 'Google Workspaces',
    client: { additionalConfig: { hd: 'example.com' } },
    discovery: 'https://accounts.google.com',
    query: { scope: 'openid email', access_type: 'offline', include_granted_scopes: 'true', hd: 'example.com' },
    claims: { sub: '1101', hd: 'example.com', email: 'jsmith@example.com', email_verified: true },
    user: { thirdPartyUserId: '1101', email: { id: 'jsmith@example.com', isVerified: true } },
  },
  {
    thirdPartyId: 'apple',
    name: 'Apple',
    client: {
      clientSecret: undefined,
      additionalConfig: { keyId: 'ABC123DEFG', teamId: 'DEF123GHIJ', privateKey: appleKey.replaceAll('\n', '\\n') },
    },
    discovery: 'https://appleid.apple.com',
    query: { scope: 'openid email', response_mode: 'form_post' },
    claims: {
      sub: '001999.a1b2.0943',
      email: '53k2kd@privaterelay.appleid.com',
      email_verified: 'true',
      is_private_email: 'true',
    },
    user: {
      thirdPartyUserId: '001999.a1b2.0943',
      email: { id: '53k2kd@privaterelay.appleid.com', isVerified: true },
    },
  },
  {
    thirdPartyId: 'gitlab',
    name: 'GitLab',
    discovery: 'https://gitlab.com',
    query: { scope: 'openid email' },
    claims: { sub: '574', sub_legacy: 'f2a5', email: 'ada@example.com', email_verified: true, nickname: 'ada' },
    user: { thirdPartyUserId: '574', email: { id: 'ada@example.com', isVerified: true } },
  },
  {
    thirdPartyId: 'gitlab-own',
    name: 'GitLab',
    client: { additionalConfig: { gitlabBaseUrl: 'https://git.acme.example/' } },
    discovery: 'https://git.acme.example',
    query: { scope: 'openid email' },
    claims: { sub: '3', email: 'ada@acme.example', email_verified: false },
    user: { thirdPartyUserId: '3', email: { id: 'ada@acme.example', isVerified: false } },
  },
  {
    thirdPartyId: 'active-directory',
    name: 'Active Directory',
    client: { additionalConfig: { directoryId: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490' } },
    discovery: 'https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0',
    query: { scope: 'openid email' },
    claims: {
      sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
      tid: '8eaef023',
      ver: '2.0',
      email: 'abeli@microsoft.com',
    },
    user: {
      thirdPartyUserId: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
      email: { id: 'abeli@microsoft.com', isVerified: false },
    },
  },
  {
    thirdPartyId: 'okta',
    name: 'Okta',
    client: { additionalConfig: { oktaDomain: 'acme.okta.example' } },
    discovery: 'https://acme.okta.example',
    query: { scope: 'openid email' },
    claims: {
      sub: '00uid4BxXw6I6TV4m0g3',
      ver: 1,
      idp: '00ok1u7AsAkrwdZL3z0g3',
      email: 'ada@acme.example',
      email_verified: true,
    },
    user: { thirdPartyUserId: '00uid4BxXw6I6TV4m0g3', email: { id: 'ada@acme.example', isVerified: true } },
  },
];

const WAY = { tenantId: 'public', userContext: {} };
const redirectURIOnProviderDashboard = 'http://127.0.0.1:3000/auth/callback/x';

describe.each(cases)('$thirdPartyId, from its documented answers,', (testCase) => {
  const { thirdPartyId } = testCase;
  const clients = [{ clientId: 'client-id', clientSecret: 'secret', ...testCase.client }];
  let fake: FakeProvider;
  let app: AuthApp;
  let provider: Provider;

  beforeAll(async () => {
    fake = await FakeProvider.start();
    fake.answerDiscovery();
    // What says where a customer's own server is would win over the fake one's address.
    const {
      gitlabBaseUrl: _,
      directoryId: __,
      oktaDomain: ___,
      ...additionalConfig
    } = testCase.client?.additionalConfig ?? {};
    app = await startThirdPartyApp('Express', {
      thirdParty: {
        providers: [{ thirdPartyId, oidcDiscoveryEndpoint: fake.url, clients: [{ ...clients[0]!, additionalConfig }] }],
      },
    });
    provider = (await app.app.get(ThirdPartyFunctions).getProvider({ thirdPartyId }))!;
  });
  afterAll(async () => {
    await Promise.all([app.app.close(), fake.close()]);
  });

  it('is discovered where it is', async () => {
    const shipped = await startThirdPartyApp('Express', { thirdParty: { providers: [{ thirdPartyId, clients }] } });
    const { config, name } = (await shipped.app.get(ThirdPartyFunctions).getProvider({ thirdPartyId }))!;
    await shipped.app.close();
    expect(name).toBe(testCase.name);
    expect(config.oidcDiscoveryEndpoint).toBe(testCase.discovery);
  });

  it('sends the browser there with what it needs', async () => {
    const { urlWithQueryParams } = await provider.getAuthorisationRedirectURL({
      ...WAY,
      redirectURIOnProviderDashboard,
    });
    const url = new URL(urlWithQueryParams);
    expect(`${url.origin}${url.pathname}`).toBe(`${fake.url}/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-id',
      redirect_uri: redirectURIOnProviderDashboard,
      response_type: 'code',
      ...testCase.query,
    });
  });

  it('gives tokens for a code, and says by them who the user is', async () => {
    const id_token = await fake.idToken(testCase.claims);
    fake.server.answer('/token', { access_token: 'a', token_type: 'Bearer', expires_in: 3600, id_token });
    const oAuthTokens = await provider.exchangeAuthCodeForOAuthTokens({
      ...WAY,
      redirectURIInfo: { redirectURIOnProviderDashboard, redirectURIQueryParams: { code: 'the-code' } },
    });
    const [request] = fake.server.to('/token');
    const { client_secret, ...form } = Object.fromEntries(new URLSearchParams(request?.body));
    expect(form).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: redirectURIOnProviderDashboard,
      client_id: 'client-id',
    });
    if (thirdPartyId !== 'apple') expect(client_secret).toBe('secret');

    const found = await provider.getUserInfo({ ...WAY, oAuthTokens });
    expect(found).toMatchObject(testCase.user);
    expect(found.rawUserInfoFromProvider.fromIdTokenPayload).toMatchObject(testCase.claims);
  });
});
