import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';
import {
  OAUTH2_CLIENT,
  OAUTH2_ENDPOINTS,
  TestOAuth2Provider,
  type OAuth2Email,
} from '../../support/oauth2-provider.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';
import { finishSignIn, signInByProvider, startSignIn } from '../../support/third-party-sign-in.js';

const github = { thirdPartyId: 'github' };
const email = (address: string, changes: Partial<OAuth2Email> = {}): OAuth2Email => ({
  email: address,
  primary: true,
  verified: true,
  visibility: 'private',
  ...changes,
});

interface SignedIn {
  status: string;
  createdNewRecipeUser: boolean;
  user: { id: string; emails: string[]; thirdParty: object[]; loginMethods: { verified: boolean }[] };
}

describe.each(onFastify)("Signing in by a provider of GitHub's shape on %s", (framework) => {
  let provider: TestOAuth2Provider;
  let auth: AuthApp;

  beforeAll(async () => {
    provider = await TestOAuth2Provider.start();
    auth = await startThirdPartyApp(framework, {
      thirdParty: {
        providers: [
          {
            ...github,
            clients: [OAUTH2_CLIENT],
            authorizationEndpoint: `${provider.url}${OAUTH2_ENDPOINTS.authorization}`,
            tokenEndpoint: `${provider.url}${OAUTH2_ENDPOINTS.token}`,
            userInfoEndpoint: `${provider.url}${OAUTH2_ENDPOINTS.user}`,
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

  async function signIn(id: number): Promise<SignedIn> {
    return (await (await signInByProvider(auth.client(), provider, id, github)).json()) as SignedIn;
  }

  it('knows a user by the number, and takes the primary email where none is public', async () => {
    const { id } = provider.addAccount({
      emails: [email('old@x.example', { primary: false }), email('main@x.example')],
    });
    const first = await signIn(id);
    const again = await signIn(id);

    expect(first).toMatchObject({
      status: 'OK',
      createdNewRecipeUser: true,
      user: { emails: ['main@x.example'], thirdParty: [{ id: 'github', userId: String(id) }] },
    });
    expect(first.user.loginMethods[0]!.verified).toBe(true);
    expect(again).toMatchObject({ createdNewRecipeUser: false, user: { id: first.user.id } });
  });

  it('does not believe an email that is not verified, public or not', async () => {
    const address = 'claimed@x.example';
    const { id } = provider.addAccount({ email: address, emails: [email(address, { verified: false })] });
    const { user } = await signIn(id);

    expect(user.emails).toEqual([address]);
    expect(user.loginMethods[0]!.verified).toBe(false);
  });

  it.each<[string, OAuth2Email[]]>([
    ['none', []],
    ['no primary one', [email('other@x.example', { primary: false })]],
    ['only nonsense', [email('nonsense')]],
  ])('says that there is no email where the user has %s', async (_kind, emails) => {
    const { id } = provider.addAccount({ email: 'public@x.example', emails });

    expect(await signIn(id)).toEqual({ status: 'NO_EMAIL_GIVEN_BY_PROVIDER' });
  });

  it('asks for JSON, with a user agent, and sends the secret to the token endpoint only', async () => {
    const { id } = provider.addAccount();
    await signIn(id);

    const [token] = provider.proxy.to(OAUTH2_ENDPOINTS.token);
    expect(token!.headers.accept).toContain('application/json');
    for (const request of provider.proxy.requests.filter(({ path }) => path !== OAUTH2_ENDPOINTS.token)) {
      expect(JSON.stringify([request.headers, request.body])).not.toContain(OAUTH2_CLIENT.clientSecret);
      expect(request.headers['user-agent']).toMatch(/\w/);
    }
  });

  it.each([
    ['is cancelled', async (url: string) => provider.signIn(url)],
    [
      'comes with a code that nobody has given',
      async (url: string, id: number) => ({ ...(await provider.signIn(url, id)), query: { code: 'made-up' } }),
    ],
    ['comes without a code', async (url: string, id: number) => ({ ...(await provider.signIn(url, id)), query: {} })],
  ])('lets nobody in where the login %s', async (_kind, act) => {
    const { id } = provider.addAccount();
    const started = await startSignIn(auth.client(), github);
    const response = await finishSignIn(auth.client(), started, await act(started.url.href, id), github);

    expect(await response.json()).toEqual({
      status: 'GENERAL_ERROR',
      message: 'Signing in with GitHub did not succeed. Please try again.',
    });
    expect(response.headers.has('front-token')).toBe(false);
  });

  it('takes a code once, though the answer to the second time has status 200', async () => {
    const { id } = provider.addAccount();
    const started = await startSignIn(auth.client(), github);
    const redirect = await provider.signIn(started.url.href, id);
    const [first, second] = [
      await finishSignIn(auth.client(), started, redirect, github),
      await finishSignIn(auth.client(), started, redirect, github),
    ];

    expect(await first.json()).toMatchObject({ status: 'OK' });
    expect(await second.json()).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(second.headers.has('front-token')).toBe(false);
  });
});
