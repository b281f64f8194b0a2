import { describe, expect, it } from '@jest/globals';
import { ThirdPartyFunctions } from 'latchkey';
import { FakeProvider } from '../../../support/fake-provider.js';
import { startThirdPartyApp } from '../../../support/third-party-app.js';

const WAY = { tenantId: 'public', userContext: {} };

describe('Google Workspaces', () => {
  it.each([
    ['example.com', { hd: 'example.com' }, true],
    ['example.com', { hd: 'evil.example' }, false],
    ['example.com', { hd: 'EXAMPLE.COM.evil.example' }, false],
    ['example.com', {}, false],
    ['example.com', { hd: ['example.com'] }, false],
    ['*', { hd: 'anything.example' }, true],
    ['*', {}, false],
    [undefined, { hd: 'anything.example' }, true],
    [undefined, {}, false],
  ])('of %j lets an account with %j in: %j', async (hd, claims, isLetIn) => {
    const fake = await FakeProvider.start();
    fake.answerDiscovery();
    const additionalConfig = hd === undefined ? undefined : { hd };
    const { app } = await startThirdPartyApp('Express', {
      thirdParty: {
        providers: [
          {
            thirdPartyId: 'google-workspaces',
            oidcDiscoveryEndpoint: fake.url,
            clients: [{ clientId: 'client-id', clientSecret: 's', additionalConfig }],
          },
        ],
      },
    });
    try {
      const provider = await app.get(ThirdPartyFunctions).getProvider({ thirdPartyId: 'google-workspaces' });
      const id_token = await fake.idToken({ sub: '1', ...claims });
      const found = provider!.getUserInfo({ ...WAY, oAuthTokens: { id_token } });
      await (isLetIn
        ? expect(found).resolves.toMatchObject({ thirdPartyUserId: '1' })
        : expect(found).rejects.toMatchObject({ code: 'PROVIDER_REFUSED' }));
    } finally {
      await Promise.all([app.close(), fake.close()]);
    }
  });
});
