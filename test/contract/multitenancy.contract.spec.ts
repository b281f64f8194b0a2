import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadInputError, FactorNotAllowedError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { MultitenancyCore } from '../../lib/core/multitenancy.core.js';
import type { TenantConfigUpdate } from '../../lib/core/tenant-config.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { ThirdPartyCore } from '../../lib/core/third-party.core.js';
import { cores, type CoreUnderTest, isEmbedded } from './cores.js';

describe.each(cores)('tenants with their configurations: $name', ({ name, create }) => {
  let tested: CoreUnderTest;
  let multitenancy: MultitenancyCore;

  beforeAll(async () => {
    tested = await create();
    multitenancy = tested.core.port(MultitenancyCore);
  });
  afterAll(() => tested.close());

  const put = (tenantId: string, config?: TenantConfigUpdate) =>
    multitenancy.createOrUpdateTenant({ tenantId, config });
  const putProvider = (tenantId: string, thirdPartyId: string) =>
    tested.core.port(ThirdPartyCore).createOrUpdateThirdPartyConfig({
      tenantId,
      config: { thirdPartyId, clients: [{ clientId: 'id', clientSecret: 'secret' }] },
    });

  it('are made, changed in what is given, and read as a whole', async () => {
    expect(await multitenancy.getTenant('acme')).toBeUndefined();
    expect(await put('acme', { firstFactors: ['thirdparty', 'emailpassword', 'thirdparty'] })).toEqual({
      status: 'OK',
      createdNew: true,
    });
    const coreConfig = { password_reset_token_lifetime: 60_000 };
    const changed = { requiredSecondaryFactors: ['totp'], coreConfig };
    expect(await put('acme', changed)).toEqual({ status: 'OK', createdNew: false });
    for (const thirdPartyId of ['google', 'github']) await putProvider('acme', thirdPartyId);
    expect(await multitenancy.getTenant('acme')).toEqual({
      tenantId: 'acme',
      thirdParty: {
        providers: [{ thirdPartyId: 'github' }, { thirdPartyId: 'google' }].map((each) =>
          expect.objectContaining(each),
        ),
      },
      firstFactors: ['thirdparty', 'emailpassword'],
      requiredSecondaryFactors: ['totp'],
      coreConfig,
    });

    await put('acme', {
      firstFactors: null,
      requiredSecondaryFactors: null,
      coreConfig: { password_reset_token_lifetime: null },
    });
    expect(await multitenancy.getTenant('acme')).toEqual({
      tenantId: 'acme',
      thirdParty: { providers: [expect.anything(), expect.anything()] },
      coreConfig: {},
    });
    await put('bare');
    expect(await multitenancy.listAllTenants()).toEqual([
      expect.objectContaining({ tenantId: 'acme' }),
      { tenantId: 'bare', thirdParty: { providers: [] }, firstFactors: [], coreConfig: {} },
      expect.objectContaining({ tenantId: 'public', thirdParty: { providers: [] } }),
    ]);
    await tested.core.port(TenantsCore).deleteTenant('acme');
    expect(await multitenancy.getTenant('acme')).toBeUndefined();
    await put('acme', { firstFactors: null });
    expect((await multitenancy.getTenant('acme'))?.thirdParty.providers).toEqual([]);
  });

  it('are made once, however many ask for it at a time, and each change stays', async () => {
    const results = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map(async (factor, at) =>
        at === 0 ? put('many', { requiredSecondaryFactors: [factor] }) : put('many', { firstFactors: [factor] }),
      ),
    );
    expect(results.filter(({ createdNew }) => createdNew)).toHaveLength(1);
    expect(await multitenancy.getTenant('many')).toMatchObject({
      requiredSecondaryFactors: ['a'],
      firstFactors: [expect.stringMatching(/^[b-f]$/)],
    });
  });

  it('are never open because they are deleted meanwhile', async () => {
    for (let round = 0; round < 20; round++) {
      await put('fleeting', { firstFactors: ['thirdparty'] });
      const changes = [
        put('fleeting', { requiredSecondaryFactors: ['totp'] }),
        tested.core.port(TenantsCore).deleteTenant('fleeting'),
        put('fleeting', { coreConfig: {} }),
      ];
      expect((await Promise.all(changes)).map(({ status }) => status)).toEqual(['OK', 'OK', 'OK']);
      const tenant = await multitenancy.getTenant('fleeting');
      if (tenant !== undefined) expect([['thirdparty'], []]).toContainEqual(tenant.firstFactors);
    }
  });

  it('let people in by what they name, at once', async () => {
    await put('sso', { firstFactors: ['thirdparty'] });
    const signUp = () =>
      tested.core.port(EmailPasswordCore).signUp({ tenantId: 'sso', email: 'ada@example.com', password: 'horse-1' });
    await expect(signUp()).rejects.toThrow(FactorNotAllowedError);
    await put('sso', { firstFactors: ['thirdparty', 'emailpassword'] });
    expect(await signUp()).toMatchObject({ status: 'OK' });
  });

  it.each<[string, string, TenantConfigUpdate]>([
    ['an empty id', '', {}],
    ['a way up', '..', {}],
    ['a path', 'a/b', {}],
    ['a word of the core', 'recipe', {}],
    ['the prefix of apps', 'appid-other', {}],
    ['a long id', 'x'.repeat(65), {}],
    ['factors that are no list', 'bad', { firstFactors: 'emailpassword' as never }],
    ['an empty factor', 'bad', { firstFactors: [''] }],
    ['a factor that is no text', 'bad', { firstFactors: [1 as never] }],
    ['a hundred and one factors', 'bad', { firstFactors: Array.from({ length: 101 }, (_, n) => `factor-${n}`) }],
    ['an empty list of secondary factors', 'bad', { requiredSecondaryFactors: [] }],
    ['options that are no object', 'bad', { coreConfig: [] as never }],
    ['an option of the whole app', 'bad', { coreConfig: { access_token_validity: 60 } }],
    ['an option that nobody knows', 'bad', { coreConfig: { made_up: 1 } }],
    ['an option with a wrong value', 'bad', { coreConfig: { password_reset_token_lifetime: 'long' } }],
  ])('refuse %s', async (_what, tenantId, config) => {
    await expect(put(tenantId, config)).rejects.toThrow(BadInputError);
    expect(await multitenancy.getTenant(tenantId)).toBeUndefined();
  });

  if (isEmbedded({ name })) {
    it('refuse options of the public tenant, which are those of the application', async () => {
      await expect(put('public', { coreConfig: { password_reset_token_lifetime: 1 } })).rejects.toThrow('in core of');
      expect(await put('public', { firstFactors: ['emailpassword'] })).toEqual({ status: 'OK', createdNew: false });
    });
  }
});
