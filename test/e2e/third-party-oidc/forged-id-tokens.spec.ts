import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Users } from 'latchkey';
import { type AuthApp } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import type { IdTokenForger } from '../../support/id-tokens.js';
import { CONFIDENTIAL_CLIENT, ENDPOINTS, TestOidcProvider } from '../../support/oidc-provider.js';
import { localProvider, startThirdPartyApp } from '../../support/third-party-app.js';
import { signInByProvider } from '../../support/third-party-sign-in.js';

const nowSeconds = () => Math.floor(Date.now() / 1000);
const SECRET = CONFIDENTIAL_CLIENT.clientSecret;

const forgeries: [string, (forger: IdTokenForger) => string][] = [
  ['of another issuer', ({ withClaims }) => withClaims({ iss: 'https://evil.example' })],
  ['whose issuer only resembles it', ({ withClaims, claims }) => withClaims({ iss: `${String(claims.iss)}/` })],
  ['without an issuer', ({ withClaims }) => withClaims({ iss: undefined })],
  ['for another client', ({ withClaims }) => withClaims({ aud: 'another-client' })],
  ['for nobody', ({ withClaims }) => withClaims({ aud: undefined })],
  ['issued to another client', ({ withClaims }) => withClaims({ aud: ['web', 'other'], azp: 'other' })],
  ['that has expired', ({ withClaims }) => withClaims({ exp: nowSeconds() - 3600 })],
  ['that never expires', ({ withClaims }) => withClaims({ exp: undefined })],
  ['that is not valid yet', ({ withClaims }) => withClaims({ nbf: nowSeconds() + 3600 })],
  ['about nobody', ({ withClaims }) => withClaims({ sub: undefined })],
  ['asked for by somebody else', ({ withClaims }) => withClaims({ nonce: 'another-nonce' })],
  ['without the nonce', ({ withClaims }) => withClaims({ nonce: undefined })],
  ['about somebody else than the user info', ({ withClaims }) => withClaims({ sub: 'another-sub' })],
  ['that was changed', ({ withSignatureOfOther }) => withSignatureOfOther({ email: 'admin@example.com' })],
  ['that is not signed', ({ unsigned }) => unsigned()],
  ['signed by another key', ({ bySomebodyElse }) => bySomebodyElse()],
  ['signed by a key that it brings along', ({ byKeyInHeader }) => byKeyInHeader()],
  ['signed by the public key as a secret', ({ byPublicKeyAsSecret }) => byPublicKeyAsSecret()],
  ["signed by the client's secret", ({ bySecret }) => bySecret(SECRET)],
  ['signed by an empty secret', ({ bySecret }) => bySecret('')],
  ['that is no JWT', () => 'nonsense'],
  ['that is empty', () => ''],
  ['with an empty header', ({ unsigned }) => `e30.${unsigned().split('.')[1]}.e30`],
];

describe.each(onExpress)('An id token on %s', (framework) => {
  let provider: TestOidcProvider;
  let auth: AuthApp;

  beforeAll(async () => {
    provider = await TestOidcProvider.start();
    auth = await startThirdPartyApp(framework, { thirdParty: { providers: [localProvider(provider)] } });
  });
  afterEach(() => provider.proxy.reset());
  afterAll(async () => {
    await auth.app.close();
    await provider.close();
  });

  const countUsers = () => auth.app.get(Users, { strict: false }).getUserCount();

  it.each(forgeries)('%s lets nobody in', async (_kind, forge) => {
    const { sub } = provider.addAccount();
    const usersBefore = await countUsers();
    provider.forgeIdTokens(forge);
    const response = await signInByProvider(auth.client(), provider, sub);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'GENERAL_ERROR',
      message: expect.stringMatching(/^Signing in with Local (did not succeed|is not possible at the moment)\./),
    });
    expect(response.headers.has('front-token')).toBe(false);
    expect(await countUsers()).toEqual(usersBefore);
  });

  it.each<[string, (forger: IdTokenForger) => string]>([
    ['as the provider made it', ({ withClaims }) => withClaims({})],
    ['for several clients, issued to this one', ({ withClaims }) => withClaims({ aud: ['web', 'other'], azp: 'web' })],
    ['of a clock that is a little behind', ({ withClaims }) => withClaims({ exp: nowSeconds() - 5 })],
  ])('%s lets its user in', async (_kind, forge) => {
    const { sub } = provider.addAccount();
    provider.forgeIdTokens(forge);

    expect(await (await signInByProvider(auth.client(), provider, sub)).json()).toMatchObject({ status: 'OK' });
  });

  it('that a client brings by itself is looked at as closely', async () => {
    const { sub } = provider.addAccount();
    const idTokens: Record<string, string> = {};
    provider.forgeIdTokens((forger) => {
      for (const [kind, forge] of forgeries) idTokens[kind] = forge(forger);
      return forger.withClaims({});
    });
    await signInByProvider(auth.client(), provider, sub);
    // Only the nonce is not known then, and there is no access token to compare the user with.
    const unknowable = ['asked for by somebody else', 'without the nonce', 'about somebody else than the user info'];
    for (const [kind, idToken] of Object.entries(idTokens).filter(([each]) => !unknowable.includes(each))) {
      const response = await auth.client().post('/auth/signinup', {
        thirdPartyId: 'local',
        oAuthTokens: { id_token: idToken },
      });
      const body = (await response.json()) as { status?: string };
      expect({ kind, status: body.status ?? response.status }).toEqual({
        kind,
        status: idToken === '' ? 400 : 'GENERAL_ERROR',
      });
      expect(response.headers.has('front-token')).toBe(false);
    }
  });

  it('of an unknown key does not make us ask for the keys again and again', async () => {
    const { sub } = provider.addAccount();
    let idToken = '';
    provider.forgeIdTokens((forger) => (idToken = forger.withClaims({})));
    await signInByProvider(auth.client(), provider, sub);
    const [, ...rest] = idToken.split('.');
    provider.proxy.reset();
    for (let at = 0; at < 12; at++) {
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `unknown-${at}` })).toString('base64url');
      const oAuthTokens = { id_token: [header, ...rest].join('.') };
      const response = await auth.client().post('/auth/signinup', { thirdPartyId: 'local', oAuthTokens });
      expect(await response.json()).toMatchObject({ status: 'GENERAL_ERROR' });
    }
    // More than once only where the twelve have taken longer than the pause between two.
    expect(provider.proxy.to(ENDPOINTS.jwks).length).toBeLessThan(6);
  });
});
