import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { type AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';
import {
  BASIC_CLIENT,
  CONFIDENTIAL_CLIENT,
  ENDPOINTS,
  PUBLIC_CLIENT,
  REDIRECT_URI,
  TestOidcProvider,
} from '../../support/oidc-provider.js';
import { localProvider, startThirdPartyApp } from '../../support/third-party-app.js';
import { finishSignIn, signInByProvider, startSignIn } from '../../support/third-party-sign-in.js';

interface SignedIn {
  status: string;
  createdNewRecipeUser: boolean;
  user: { id: string; emails: string[]; thirdParty: object[]; loginMethods: { verified: boolean }[] };
}

describe.each(frameworks)('Signing in by an OpenID provider on %s', (framework) => {
  let provider: TestOidcProvider;
  let auth: AuthApp;

  beforeAll(async () => {
    provider = await TestOidcProvider.start();
    const local = localProvider(provider);
    auth = await startThirdPartyApp(framework, {
      thirdParty: {
        providers: [
          {
            ...local,
            clients: [
              { ...local.clients![0]!, clientType: 'web' },
              { ...PUBLIC_CLIENT, scope: ['openid', 'email'], clientType: 'mobile' },
              { ...CONFIDENTIAL_CLIENT, scope: ['openid'], clientType: 'no-email' },
            ],
          },
          {
            ...localProvider(provider, BASIC_CLIENT),
            thirdPartyId: 'basic',
            tokenEndpointAuthMethod: 'client_secret_basic',
          },
        ],
      },
    });
  });
  afterEach(() => provider.proxy.reset());
  afterAll(async () => {
    await auth.app.close();
    await provider.close();
  });

  it('makes a user with a session the first time, and finds the user again', async () => {
    const { sub, email } = provider.addAccount();
    const client = auth.client();
    const first = (await (await signInByProvider(client, provider, sub, { clientType: 'web' })).json()) as SignedIn;
    expect((await client.refresh()).status).toBe(200);
    const again = (await (
      await signInByProvider(auth.client(), provider, sub, { clientType: 'web' })
    ).json()) as SignedIn;

    expect(first).toEqual({
      status: 'OK',
      createdNewRecipeUser: true,
      user: expect.objectContaining({ emails: [email], thirdParty: [{ id: 'local', userId: sub }] }),
    });
    expect(first.user.loginMethods).toEqual([expect.objectContaining({ verified: true })]);
    expect(again).toMatchObject({ status: 'OK', createdNewRecipeUser: false, user: { id: first.user.id } });
  });

  it('asks by PKCE and with a nonce that the id token repeats', async () => {
    const { sub } = provider.addAccount();
    const client = auth.client();
    const started = await startSignIn(client, { clientType: 'web' });

    expect(Object.fromEntries(started.url.searchParams)).toEqual({
      client_id: CONFIDENTIAL_CLIENT.clientId,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid email',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: started.state,
    });
    expect(started.pkceCodeVerifier).toMatch(/^[\w.~-]{43,128}$/);
    const other = await startSignIn(client, { clientType: 'web' });
    for (const name of ['code_challenge', 'nonce']) {
      expect(other.url.searchParams.get(name)).not.toBe(started.url.searchParams.get(name));
    }

    let nonce: unknown;
    provider.proxy.tamper(ENDPOINTS.token, {
      change: (answer) => {
        nonce = decodeJwt((JSON.parse(answer.body) as { id_token: string }).id_token).nonce;
        return answer;
      },
    });
    const redirect = await provider.signIn(started.url.href, sub);
    const response = await finishSignIn(client, started, redirect, { clientType: 'web' });
    expect(await response.json()).toMatchObject({ status: 'OK' });
    expect(nonce).toBe(started.url.searchParams.get('nonce'));
    const [request] = provider.proxy.to(ENDPOINTS.token);
    expect(Object.fromEntries(new URLSearchParams(request!.body))).toMatchObject({
      grant_type: 'authorization_code',
      code_verifier: started.pkceCodeVerifier,
      redirect_uri: REDIRECT_URI,
    });
  });

  it.each([
    ['without a secret, by PKCE alone', { clientType: 'mobile' }],
    ['with its secret in the header', { thirdPartyId: 'basic' }],
  ])('works for a client %s', async (_kind, options) => {
    const { sub } = provider.addAccount();
    const response = await signInByProvider(auth.client(), provider, sub, options);

    expect(await response.json()).toMatchObject({ status: 'OK', createdNewRecipeUser: true });
    const [request] = provider.proxy.to(ENDPOINTS.token);
    expect(request!.body).not.toContain('client_secret');
    expect(request!.headers.authorization !== undefined).toBe('thirdPartyId' in options);
  });

  it('does not take an email for verified that the provider does not', async () => {
    const { sub, email } = provider.addAccount({ email_verified: false });
    const answer = (await (
      await signInByProvider(auth.client(), provider, sub, { clientType: 'web' })
    ).json()) as SignedIn;

    expect(answer.user.emails).toEqual([email]);
    expect(answer.user.loginMethods).toEqual([expect.objectContaining({ verified: false })]);
  });

  it.each([
    ['gives none', { email: undefined, email_verified: undefined }, 'web'],
    ['was not asked for it', {}, 'no-email'],
    ['gives nonsense in its place', { email: 'nonsense' }, 'web'],
  ])('says that there is no email where the provider %s', async (_reason, account, clientType) => {
    const { sub } = provider.addAccount(account);
    const response = await signInByProvider(auth.client(), provider, sub, { clientType });

    expect(await response.json()).toEqual({ status: 'NO_EMAIL_GIVEN_BY_PROVIDER' });
    expect(response.headers.has('front-token')).toBe(false);
  });

  it('follows an email that has changed at the provider, and keeps two people apart who have had the same', async () => {
    const account = provider.addAccount({ email: 'shared@provider.example' });
    const options = { clientType: 'web' };
    const first = (await (await signInByProvider(auth.client(), provider, account.sub, options)).json()) as SignedIn;
    account.email = 'moved@provider.example';
    const moved = (await (await signInByProvider(auth.client(), provider, account.sub, options)).json()) as SignedIn;
    const { sub } = provider.addAccount({ email: 'shared@provider.example' });
    const heir = (await (await signInByProvider(auth.client(), provider, sub, options)).json()) as SignedIn;

    expect(moved.user).toMatchObject({ id: first.user.id, emails: [account.email] });
    expect(heir).toMatchObject({ status: 'OK', createdNewRecipeUser: true });
    expect(heir.user.id).not.toBe(first.user.id);
  });

  it('lets nobody in where the user cancels', async () => {
    const response = await signInByProvider(auth.client(), provider, undefined, { clientType: 'web' });

    expect(await response.json()).toEqual({
      status: 'GENERAL_ERROR',
      message: 'Signing in with Local did not succeed. Please try again.',
    });
    expect(response.headers.has('front-token')).toBe(false);
    expect(provider.proxy.to(ENDPOINTS.token)).toEqual([]);
  });

  it('takes a code once', async () => {
    const { sub } = provider.addAccount();
    const options = { clientType: 'web' };
    const started = await startSignIn(auth.client(), options);
    const redirect = await provider.signIn(started.url.href, sub);
    const [first, second] = [
      await finishSignIn(auth.client(), started, redirect, options),
      await finishSignIn(auth.client(), started, redirect, options),
    ];

    expect(await first.json()).toMatchObject({ status: 'OK' });
    expect(await second.json()).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(second.headers.has('front-token')).toBe(false);
  });
});
