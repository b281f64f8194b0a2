import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { ThirdPartyFunctions, type Provider } from 'latchkey';
import type { AuthApp } from '../../../support/auth-app.js';
import { FakeProvider } from '../../../support/fake-provider.js';
import { startThirdPartyApp } from '../../../support/third-party-app.js';

const WAY = { tenantId: 'public', userContext: {} };
const redirectURIOnProviderDashboard = 'http://127.0.0.1:3000/auth/callback/x';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const appleKey = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

describe('Apple', () => {
  let fake: FakeProvider;
  let app: AuthApp;
  let provider: Provider;

  beforeAll(async () => {
    fake = await FakeProvider.start();
    fake.answerDiscovery();
    const additionalConfig = { keyId: 'ABC123DEFG', teamId: 'DEF123GHIJ', privateKey: appleKey };
    app = await startThirdPartyApp('Express', {
      thirdParty: {
        providers: [
          {
            thirdPartyId: 'apple',
            oidcDiscoveryEndpoint: fake.url,
            clients: [{ clientId: 'client-id', additionalConfig }],
          },
        ],
      },
    });
    provider = (await app.app.get(ThirdPartyFunctions).getProvider({ thirdPartyId: 'apple' }))!;
  });
  afterAll(async () => {
    await Promise.all([app.app.close(), fake.close()]);
  });

  async function exchange(query: Record<string, string>) {
    const id_token = await fake.idToken({ sub: '1', email: 'ada@example.com', email_verified: 'true' });
    fake.server.answer('/token', { access_token: 'a', token_type: 'Bearer', expires_in: 3600, id_token });
    fake.server.requests.length = 0;
    return provider.exchangeAuthCodeForOAuthTokens({
      ...WAY,
      redirectURIInfo: { redirectURIOnProviderDashboard, redirectURIQueryParams: { code: 'c', ...query } },
    });
  }

  it('is shown a secret that the application has signed for it, for minutes', async () => {
    await exchange({});
    const form = new URLSearchParams(fake.server.to('/token')[0]?.body);
    const secret = form.get('client_secret')!;
    expect(decodeProtectedHeader(secret)).toEqual({ alg: 'ES256', kid: 'ABC123DEFG' });
    const { payload } = await jwtVerify(secret, publicKey);
    expect(payload).toMatchObject({ iss: 'DEF123GHIJ', sub: 'client-id', aud: 'https://appleid.apple.com' });
    expect(decodeJwt(secret).exp! - decodeJwt(secret).iat!).toBeLessThanOrEqual(600);
  });

  it('tells the name with the first sign-in, which decides nothing', async () => {
    const user = { name: { firstName: 'Ada', lastName: 'Lovelace' }, email: 'admin@example.com' };
    const oAuthTokens = await exchange({ user: JSON.stringify(user) });
    const found = await provider.getUserInfo({ ...WAY, oAuthTokens });
    expect(found.rawUserInfoFromProvider.fromIdTokenPayload).toMatchObject({ user });
    expect(found).toMatchObject({ thirdPartyUserId: '1', email: { id: 'ada@example.com', isVerified: true } });
  });

  it.each(['', '{', '[]', 'null', '"Ada"', `{"name":"${'x'.repeat(5000)}"}`])(
    'does not mind the name %j',
    async (user) => {
      const oAuthTokens = await exchange({ user });
      expect(oAuthTokens).not.toHaveProperty('user');
      expect(await provider.getUserInfo({ ...WAY, oAuthTokens })).toMatchObject({ thirdPartyUserId: '1' });
    },
  );
});
