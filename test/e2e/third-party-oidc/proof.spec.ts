import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { ThirdPartyFunctions, type OAuthTokens, type ThirdPartySignInUpFunctionInput } from 'latchkey';
import { type AuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';
import { CONFIDENTIAL_CLIENT, ENDPOINTS, PUBLIC_CLIENT, TestOidcProvider } from '../../support/oidc-provider.js';
import { localProvider, startThirdPartyApp } from '../../support/third-party-app.js';
import { finishSignIn, signInByProvider, startSignIn, type StartedSignIn } from '../../support/third-party-sign-in.js';

const received: OAuthTokens[] = [];

@Injectable()
class KeepsTokens extends ThirdPartyFunctions {
  override async signInUp(input: ThirdPartySignInUpFunctionInput) {
    received.push(input.oAuthTokens);
    return super.signInUp(input);
  }
}

describe.each(onFastify)('What a frontend brings back from an OpenID provider on %s', (framework) => {
  let provider: TestOidcProvider;
  let other: TestOidcProvider;
  let auth: AuthApp;

  beforeAll(async () => {
    [provider, other] = [await TestOidcProvider.start(), await TestOidcProvider.start()];
    auth = await startThirdPartyApp(framework, {
      thirdParty: {
        providers: [
          localProvider(provider),
          { ...localProvider(other), thirdPartyId: 'other' },
          {
            ...localProvider(provider),
            thirdPartyId: 'mobile',
            clients: [{ ...PUBLIC_CLIENT, scope: ['openid', 'email'] }],
          },
        ],
        override: { functions: KeepsTokens },
      },
    });
  });
  afterEach(() => {
    received.length = 0;
    provider.proxy.reset();
    other.proxy.reset();
  });
  afterAll(async () => {
    await auth.app.close();
    await Promise.all([provider.close(), other.close()]);
  });

  type Query = Record<string, string>;
  const without = (query: Query, name: string): Query => ({ ...query, [name]: undefined as never });

  it.each<[string, (query: Query) => Query]>([
    ['without saying who it comes from', (query) => without(query, 'iss')],
    ['from another provider', (query) => ({ ...query, iss: other.issuer })],
    ['with an error beside the code', (query) => ({ ...query, error: 'access_denied' })],
    ['without the code', (query) => without(query, 'code')],
    ['with an empty code', (query) => ({ ...query, code: '' })],
  ])('is refused %s', async (_kind, change) => {
    const { sub } = provider.addAccount();
    const started = await startSignIn(auth.client());
    const redirect = await provider.signIn(started.url.href, sub);
    const changed = { ...redirect, query: change(redirect.query) };

    await expectRefused(await finishSignIn(auth.client(), started, changed));
  });

  it('never sends the code of one provider to another', async () => {
    const { sub } = provider.addAccount();
    const started = await startSignIn(auth.client());
    const redirect = await provider.signIn(started.url.href, sub);
    const response = await finishSignIn(auth.client(), started, redirect, { thirdPartyId: 'other' });

    await expectRefused(response);
    expect(JSON.stringify(other.proxy.requests)).not.toContain(redirect.query.code);
  });

  it.each<[string, string, (started: StartedSignIn) => StartedSignIn]>([
    ['without the verifier', 'local', (started) => ({ ...started, pkceCodeVerifier: undefined })],
    [
      'without the verifier, of a client without a secret',
      'mobile',
      (started) => ({ ...started, pkceCodeVerifier: undefined }),
    ],
    ['with another verifier', 'local', (started) => ({ ...started, pkceCodeVerifier: 'x'.repeat(43) })],
  ])('is refused %s: a stolen code is of no use', async (_kind, thirdPartyId, change) => {
    const { sub } = provider.addAccount();
    const started = await startSignIn(auth.client(), { thirdPartyId });
    const redirect = await provider.signIn(started.url.href, sub);

    await expectRefused(await finishSignIn(auth.client(), change(started), redirect, { thirdPartyId }));
  });

  it('is refused at another redirect address than the one the code was sent to', async () => {
    const { sub } = provider.addAccount();
    const started = await startSignIn(auth.client());
    const redirect = await provider.signIn(started.url.href, sub);
    const redirectURI = `${redirect.redirectURI}/elsewhere`;

    await expectRefused(await finishSignIn(auth.client(), started, { ...redirect, redirectURI }));
  });

  it('gives overrides the tokens, and the refresh token among them goes on working after a key rotation', async () => {
    const { sub } = provider.addAccount();
    const response = await signInByProvider(auth.client(), provider, sub);
    const [tokens] = received;
    provider.rotateKeys();
    const refreshed = await fetch(`${provider.issuer}${ENDPOINTS.token}`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: tokens!.refresh_token!,
        client_id: CONFIDENTIAL_CLIENT.clientId,
        client_secret: CONFIDENTIAL_CLIENT.clientSecret,
      }),
    });

    // None of it is for the client.
    expect(Object.keys((await response.json()) as object).sort()).toEqual(['createdNewRecipeUser', 'status', 'user']);
    expect(refreshed.status).toBe(200);
    const { id_token: idToken } = (await refreshed.json()) as { id_token: string };
    expect(decodeJwt(idToken)).toMatchObject({ sub, iss: provider.issuer, aud: CONFIDENTIAL_CLIENT.clientId });
  });

  async function expectRefused(response: Response): Promise<void> {
    expect(await response.json()).toEqual({
      status: 'GENERAL_ERROR',
      message: 'Signing in with Local did not succeed. Please try again.',
    });
    expect(response.headers.has('front-token')).toBe(false);
    expect(received).toEqual([]);
  }
});
