import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';
import {
  OAUTH2_CLIENT,
  OAUTH2_ENDPOINTS,
  TestOAuth2Provider,
  type OAuth2Email,
} from '../../support/oauth2-provider.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';
import { signInByProvider } from '../../support/third-party-sign-in.js';

const email = (address: string, changes: Partial<OAuth2Email> = {}): OAuth2Email => ({
  email: address,
  primary: true,
  verified: true,
  visibility: 'private',
  ...changes,
});

describe.each(onFastify)('What GitHub says of its users on %s', (framework) => {
  let github: TestOAuth2Provider;
  let auth: AuthApp;
  const way = { thirdPartyId: 'github' };

  beforeAll(async () => {
    github = await TestOAuth2Provider.start();
    auth = await startThirdPartyApp(framework, {
      thirdParty: {
        providers: [
          {
            ...way,
            authorizationEndpoint: `${github.url}${OAUTH2_ENDPOINTS.authorization}`,
            tokenEndpoint: `${github.url}${OAUTH2_ENDPOINTS.token}`,
            userInfoEndpoint: `${github.url}${OAUTH2_ENDPOINTS.user}`,
            clients: [OAUTH2_CLIENT],
          },
        ],
      },
    });
  });
  afterEach(() => github.proxy.reset());
  afterAll(async () => {
    await auth.app.close();
    await github.close();
  });

  const signIn = async (id: number | undefined, client = auth.client()) =>
    (await signInByProvider(client, github, id, way)).json();

  it.each<[string, unknown]>([
    ['the list is empty', []],
    ['none is the primary one', [email('other@example.com', { primary: false })]],
    ['it is no address', [email('not an address')]],
    ['it is no text', [{ email: { a: 1 }, primary: true, verified: true }]],
    ['the answer is no list', { message: 'odd' }],
    ['the list has holes', [null, 'text']],
  ])('asks for an email where %s', async (_what, emails) => {
    const { id } = github.addAccount({ id: 73 });
    github.proxy.answer(OAUTH2_ENDPOINTS.emails, emails);
    const client = auth.client();
    expect(await signIn(id, client)).toEqual({ status: 'NO_EMAIL_GIVEN_BY_PROVIDER' });
    expect(client.tokens).toEqual({});
  });

  it('keeps an account that has changed its name, and none that has taken the name', async () => {
    github.addAccount({ id: 74, login: 'ada', emails: [email('ada74@example.com')] });
    const first = (await signIn(74)) as { user: { id: string } };
    github.addAccount({ id: 74, login: 'countess', emails: [email('ada74@example.com')] });
    github.addAccount({ id: 75, login: 'ada', emails: [email('ada74@example.com')] });
    expect(await signIn(74)).toMatchObject({ createdNewRecipeUser: false, user: { id: first.user.id } });
    const other = (await signIn(75)) as { user: { id: string } };
    expect(other.user.id).not.toBe(first.user.id);
  });

  it('tells from a user who is refused that our own secret is wrong, in the log', async () => {
    github.proxy.answer(OAUTH2_ENDPOINTS.token, { error: 'incorrect_client_credentials' });
    const { id } = github.addAccount({ id: 77 });
    expect(await signIn(id)).toEqual({ status: 'GENERAL_ERROR', message: expect.stringContaining('not possible') });
  });
});
