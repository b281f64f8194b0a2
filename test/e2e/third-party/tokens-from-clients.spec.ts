import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { OAuthTokens } from 'latchkey';
import type { AuthApp } from '../../support/auth-app.js';
import { FakeProvider } from '../../support/fake-provider.js';
import { onExpress } from '../../support/frameworks.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';

const clients = [{ clientId: 'client-id', clientSecret: 'secret', acceptsOAuthTokens: true }];

describe.each(onExpress)('Tokens that a client brings by itself on %s', (framework) => {
  let fake: FakeProvider;
  let auth: AuthApp;

  beforeAll(async () => {
    fake = await FakeProvider.start();
    const endpoints = { authorizationEndpoint: `${fake.url}/authorize`, tokenEndpoint: `${fake.url}/token` };
    auth = await startThirdPartyApp(framework, {
      thirdParty: {
        providers: [
          { thirdPartyId: 'openid', oidcDiscoveryEndpoint: fake.url, clients },
          {
            thirdPartyId: 'openid-with-me',
            oidcDiscoveryEndpoint: fake.url,
            userInfoEndpoint: `${fake.url}/me`,
            clients,
          },
          { thirdPartyId: 'oauth2', ...endpoints, userInfoEndpoint: `${fake.url}/me`, clients },
          {
            thirdPartyId: 'checked',
            ...endpoints,
            userInfoEndpoint: `${fake.url}/me`,
            clients,
            async validateAccessToken({ accessToken, clientConfig }) {
              if (accessToken !== `for ${clientConfig.clientId}`) throw new Error('of another application');
            },
          },
          { thirdPartyId: 'github', ...endpoints, userInfoEndpoint: `${fake.url}/user`, clients },
          { thirdPartyId: 'facebook', ...endpoints, userInfoEndpoint: `${fake.url}/me`, clients },
        ],
      },
    });
  });
  afterEach(() => fake.server.reset());
  afterAll(async () => {
    await auth.app.close();
    await fake.close();
  });

  async function bring(thirdPartyId: string, oAuthTokens: OAuthTokens) {
    const client = auth.client();
    const answer = (await (await client.auth('signinup', { thirdPartyId, oAuthTokens })).json()) as { status: string };
    expect(client.tokens.accessToken !== undefined).toBe(answer.status === 'OK');
    return answer;
  }
  const REFUSED = { status: 'GENERAL_ERROR', message: expect.stringContaining('did not succeed') };
  const me = { sub: '1', id: '1', email: 'ada@example.com' };

  it('are good where an id token says that they are for this application', async () => {
    fake.answerDiscovery();
    const id_token = await fake.idToken({ sub: '1', email: 'ada@example.com', email_verified: true });
    expect(await bring('openid', { id_token })).toMatchObject({
      status: 'OK',
      user: { thirdParty: [{ id: 'openid', userId: '1' }] },
    });
  });

  it('are refused where the id token is for another application, or for several by another', async () => {
    fake.answerDiscovery();
    const claims = { sub: '1', email: 'ada@example.com' };
    for (const wrong of [
      { aud: 'other' },
      { aud: ['client-id', 'other'] },
      { aud: ['client-id', 'other'], azp: 'other' },
    ]) {
      expect(await bring('openid', { id_token: await fake.idToken({ ...claims, ...wrong }) })).toEqual(REFUSED);
    }
    const id_token = await fake.idToken({ ...claims, aud: ['client-id', 'other'], azp: 'client-id' });
    expect(await bring('openid', { id_token })).toMatchObject({ status: 'OK' });
  });

  it.each([
    ['has no subject', { sub: undefined }],
    ['has a subject that is no text', { sub: { id: 1 } }],
    ['is of another issuer', { sub: '1', iss: 'https://evil.example' }],
    ['has ended', { sub: '1', exp: 1_700_000_000 }],
    ['never ends', { sub: '1', exp: undefined }],
    ['is not valid yet', { sub: '1', nbf: 4_000_000_000 }],
  ])('are refused where the id token %s', async (_what, claims) => {
    fake.answerDiscovery();
    expect(await bring('openid', { id_token: await fake.idToken({ email: 'a@example.com', ...claims }) })).toEqual(
      REFUSED,
    );
  });

  it('are refused where an access token of somebody else is put beside the id token', async () => {
    fake.answerDiscovery();
    fake.server.answer('/me', { ...me, sub: '2' });
    const id_token = await fake.idToken({ sub: '1', email: 'ada@example.com' });
    expect(await bring('openid-with-me', { id_token, access_token: 'other' })).toEqual(REFUSED);
  });

  it('are refused where an access token alone says nothing of whom it was given to', async () => {
    fake.answerDiscovery();
    fake.server.answer('/me', me);
    expect(await bring('openid-with-me', { access_token: 'of another application' })).toEqual(REFUSED);
    expect(await bring('oauth2', { access_token: 'of another application' })).toEqual(REFUSED);
    expect(await bring('oauth2', { access_token: 'a', id_token: 'a.b.c' })).toEqual(REFUSED);
    expect(fake.server.to('/me')).toEqual([]);
  });

  it('are good where the application can tell', async () => {
    fake.server.answer('/me', me);
    expect(await bring('checked', { access_token: 'for another' })).toEqual(REFUSED);
    expect(await bring('checked', { access_token: 'for client-id' })).toMatchObject({ status: 'OK' });
  });

  it('are shown to GitHub, which knows whose they are', async () => {
    fake.server.answer('/user', { id: 7, login: 'ada' });
    fake.server.answer('/user/emails', [{ email: 'ada@example.com', primary: true, verified: true }]);
    fake.server.answer('/applications/client-id/token', { message: 'Not Found' }, 404);
    expect(await bring('github', { access_token: 'the-token' })).toEqual(REFUSED);
    expect(fake.server.to('/user')).toEqual([]);

    fake.server.answer('/applications/client-id/token', { id: 1, app: { client_id: 'client-id' } });
    expect(await bring('github', { access_token: 'the-token' })).toMatchObject({ status: 'OK' });
    expect(fake.server.to('/applications/client-id/token')[1]).toMatchObject({
      method: 'POST',
      body: '{"access_token":"the-token"}',
      headers: { authorization: `Basic ${Buffer.from('client-id:secret').toString('base64')}` },
    });
    expect(await bring('github', { id_token: 'a.b.c' })).toEqual(REFUSED);
  });

  it.each([
    [{ app_id: 'other', is_valid: true }, 'GENERAL_ERROR'],
    [{ app_id: 'client-id', is_valid: false }, 'GENERAL_ERROR'],
    [undefined, 'GENERAL_ERROR'],
    [{ app_id: 'client-id', is_valid: true }, 'OK'],
  ])('are shown to Facebook, which says %j of them', async (data, status) => {
    fake.server.answer('/me', me);
    fake.server.answer('/debug_token', { data });
    expect((await bring('facebook', { access_token: 'the-token' })).status).toBe(status);
    const [request] = fake.server.to('/debug_token');
    expect(Object.fromEntries(request!.query)).toEqual({ input_token: 'the-token', access_token: 'client-id|secret' });
  });
});
