import { Inject, Injectable, Module } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Provider,
  ProviderRefusedError,
  type GetAuthorisationRedirectURLInput,
  type GetUserInfoInput,
  type TypeProvider,
  type UserInfo,
} from 'latchkey';
import type { AuthApp } from '../../support/auth-app.js';
import { FakeProvider } from '../../support/fake-provider.js';
import { onExpress } from '../../support/frameworks.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';
import { askForAuthorisationURL, finishSignIn, startSignIn } from '../../support/third-party-sign-in.js';

@Injectable()
class Directory {
  readonly names = new Map([['u1', 'ada@acme.example']]);
}

@Module({ providers: [Directory], exports: [Directory] })
class DirectoryModule {}

/** Emails come from the application's own directory. */
@Injectable()
class DirectoryProvider extends Provider {
  constructor(@Inject(Directory) private readonly directory: Directory) {
    super();
  }

  override async getAuthorisationRedirectURL(input: GetAuthorisationRedirectURLInput) {
    const redirect = await super.getAuthorisationRedirectURL(input);
    return { ...redirect, urlWithQueryParams: `${redirect.urlWithQueryParams}&tenant=${input.tenantId}` };
  }

  override async getUserInfo(input: GetUserInfoInput): Promise<UserInfo> {
    const userInfo = await super.getUserInfo(input);
    const email = this.directory.names.get(userInfo.thirdPartyUserId);
    if (email === undefined) throw new ProviderRefusedError(this, { detail: 'not in the directory' });
    return { ...userInfo, email: { id: email, isVerified: true } };
  }
}

const redirect = { redirectURI: 'http://127.0.0.1:3000/', query: { code: 'c' } };

describe.each(onExpress)('Providers of the application on %s', (framework) => {
  let fake: FakeProvider;
  let auth: AuthApp;
  const seen: (string | undefined)[][] = [];

  /** As a class, since its methods may need each other. */
  class OldProvider implements TypeProvider {
    readonly id = 'old';
    async get(redirectURI: string | undefined, authCodeFromRequest: string | undefined) {
      seen.push([redirectURI, authCodeFromRequest]);
      return {
        accessTokenAPI: { url: `${fake.url}/token`, params: { code: authCodeFromRequest ?? '', client_secret: 's' } },
        authorisationRedirect: {
          url: 'https://old.example/authorize?fixed=1',
          params: { client_id: 'c', ip: (request: unknown) => (request as { method: string }).method },
        },
        getProfileInfo: async ({ access_token }: { access_token?: string }) => ({
          id: `user of ${access_token}`,
          email: { id: 'old@acme.example', isVerified: true },
        }),
        getClientId: () => 'c',
      };
    }
  }

  beforeAll(async () => {
    fake = await FakeProvider.start();
    auth = await startThirdPartyApp(framework, {
      auth: { imports: [DirectoryModule] },
      thirdParty: {
        providers: [
          new OldProvider(),
          {
            thirdPartyId: 'directory',
            name: 'Directory',
            authorizationEndpoint: 'https://directory.example/authorize?fixed=1',
            authorizationEndpointQueryParams: { response_type: null, prompt: 'login' },
            tokenEndpoint: `${fake.url}/token`,
            tokenEndpointBodyParams: { audience: 'us', redirect_uri: null },
            userInfoEndpoint: `${fake.url}/me`,
            userInfoEndpointHeaders: { 'X-Version': '2' },
            userInfoEndpointQueryParams: { fields: 'id' },
            userInfoMap: { fromUserInfoAPI: { userId: 'data.user.id' } },
            clients: [{ clientId: 'c', clientSecret: 's', forcePKCE: true }],
            useClass: DirectoryProvider,
          },
        ],
      },
    });
  });
  afterEach(() => fake.server.reset());
  afterAll(async () => {
    await auth.app.close();
    await fake.close();
  });

  it('may be a class that injects and calls what it overrides', async () => {
    const started = await startSignIn(auth.client(), { thirdPartyId: 'directory' });
    expect(Object.fromEntries(started.url.searchParams)).toMatchObject({
      fixed: '1',
      prompt: 'login',
      tenant: 'public',
    });
    expect(started.url.searchParams.has('response_type')).toBe(false);
    fake.server.answer('/token', { access_token: 'a', token_type: 'bearer' });
    fake.server.answer('/me', { data: { user: { id: 'u1' } } });
    const response = await finishSignIn(auth.client(), started, redirect, { thirdPartyId: 'directory' });
    expect(await response.json()).toMatchObject({ status: 'OK', user: { emails: ['ada@acme.example'] } });
    const form = new URLSearchParams(fake.server.to('/token')[0]?.body);
    expect(form.get('audience')).toBe('us');
    expect(form.has('redirect_uri')).toBe(false);
    expect(fake.server.to('/me')[0]).toMatchObject({ headers: { 'x-version': '2', authorization: 'Bearer a' } });
    expect(fake.server.to('/me')[0]!.query.get('fields')).toBe('id');
  });

  it('may refuse, and the user is told', async () => {
    const started = await startSignIn(auth.client(), { thirdPartyId: 'directory' });
    fake.server.answer('/token', { access_token: 'a', token_type: 'bearer' });
    fake.server.answer('/me', { data: { user: { id: 'stranger' } } });
    const client = auth.client();
    const response = await finishSignIn(client, started, redirect, { thirdPartyId: 'directory' });
    expect(await response.json()).toEqual({
      status: 'GENERAL_ERROR',
      message: 'Signing in with Directory did not succeed. Please try again.',
    });
    expect(client.tokens).toEqual({});
  });

  it.each([
    ['missing', {}],
    ['null', { data: { user: { id: null } } }],
    ['empty', { data: { user: { id: '' } } }],
    ['an object', { data: { user: { id: { $ne: '' } } } }],
    ['a list', { data: { user: { id: ['u1'] } } }],
    ['true', { data: { user: { id: true } } }],
    ['a number that JSON does not carry exactly', '{"data":{"user":{"id":12345678901234567890}}}'],
    ['not its own', '{"data":{"__proto__":{"user":{"id":"u1"}}}}'],
    ['of a list', { data: [{ user: { id: 'u1' } }] }],
  ])('lets nobody in whose id is %s', async (_what, body) => {
    const started = await startSignIn(auth.client(), { thirdPartyId: 'directory' });
    fake.server.answer('/token', { access_token: 'a', token_type: 'bearer' });
    fake.server.answer('/me', body);
    const client = auth.client();
    const response = await finishSignIn(client, started, redirect, { thirdPartyId: 'directory' });
    expect(await response.json()).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(client.tokens).toEqual({});
  });

  it('refuse a code without the verifier that was asked for with it', async () => {
    const response = await finishSignIn(auth.client(), {}, redirect, { thirdPartyId: 'directory' });
    expect(await response.json()).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(fake.server.to('/token')).toEqual([]);
  });

  it('may be given as a TypeProvider', async () => {
    seen.length = 0;
    const options = { thirdPartyId: 'old' };
    const answer = (await (await askForAuthorisationURL(auth.client(), options)).json()) as {
      urlWithQueryParams: string;
    };
    expect(Object.fromEntries(new URL(answer.urlWithQueryParams).searchParams)).toEqual({
      fixed: '1',
      client_id: 'c',
      ip: 'GET',
      redirect_uri: 'http://127.0.0.1:3000/auth/callback/local',
    });
    fake.server.answer('/token', { access_token: 'a', token_type: 'bearer' });
    const response = await finishSignIn(auth.client(), {}, redirect, options);
    expect(await response.json()).toMatchObject({
      status: 'OK',
      user: { thirdParty: [{ id: 'old', userId: 'user of a' }], loginMethods: [{ verified: true }] },
    });
    expect(new URLSearchParams(fake.server.to('/token')[0]?.body).get('code')).toBe('c');
    expect(seen).toContainEqual(['http://127.0.0.1:3000/', 'c']);
  });

  it.each([
    ['refuses', { error: 'bad_verification_code' }, 200, 'did not succeed'],
    ['is not there', 'oops', 500, 'not possible'],
    ['answers a list', ['a'], 200, 'not possible'],
  ])('given as a TypeProvider lets nobody in when its token endpoint %s', async (_how, body, status, words) => {
    fake.server.answer('/token', body, status);
    const client = auth.client();
    const response = await finishSignIn(client, {}, redirect, { thirdPartyId: 'old' });
    expect(await response.json()).toEqual({ status: 'GENERAL_ERROR', message: expect.stringContaining(words) });
    expect(client.tokens).toEqual({});
  });

  it('given as a TypeProvider takes no tokens from clients', async () => {
    const body = { thirdPartyId: 'old', oAuthTokens: { access_token: 'of another application' } };
    expect(await (await auth.client().auth('signinup', body)).json()).toMatchObject({ status: 'GENERAL_ERROR' });
  });
});
