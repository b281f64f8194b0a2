import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BadInputError, UnknownTenantError } from '../../lib/core/auth.error.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { type ProviderClientConfig, ThirdPartyCore, type ThirdPartyConfig } from '../../lib/core/third-party.core.js';
import { cores, type CoreUnderTest } from './cores.js';

const everything: ThirdPartyConfig = {
  thirdPartyId: 'acme',
  name: 'Acme',
  clients: [
    { clientType: 'web', clientId: 'a', clientSecret: 's', scope: ['openid'], forcePKCE: true },
    { clientType: 'ios', clientId: 'b', additionalConfig: { nested: { list: [1, 'ä', null] } } },
  ],
  authorizationEndpoint: 'https://id.acme.example/authorize',
  authorizationEndpointQueryParams: { prompt: 'login', nonce: null },
  tokenEndpoint: 'https://id.acme.example/token',
  tokenEndpointBodyParams: { audience: 'x' },
  userInfoEndpoint: 'https://id.acme.example/me',
  userInfoEndpointQueryParams: { fields: 'id' },
  userInfoEndpointHeaders: { 'x-version': '1' },
  jwksURI: 'https://id.acme.example/keys',
  oidcDiscoveryEndpoint: 'https://id.acme.example',
  userInfoMap: { fromIdTokenPayload: { userId: 'oid' }, fromUserInfoAPI: { email: 'mail' } },
  requireEmail: false,
};

describe.each(cores)("providers of a tenant's own: $name", ({ create }) => {
  let tested: CoreUnderTest;
  let thirdParty: ThirdPartyCore;
  let tenants: TenantsCore;
  let tenantCount = 0;
  let tenantId: string;

  beforeAll(async () => {
    tested = await create();
    thirdParty = tested.core.port(ThirdPartyCore);
    tenants = tested.core.port(TenantsCore);
  });
  afterAll(() => tested.close());
  beforeEach(async () => {
    tenantId = `t${++tenantCount}`;
    await tenants.createTenant(tenantId);
  });

  const put = (config: ThirdPartyConfig, skipValidation?: boolean) =>
    thirdParty.createOrUpdateThirdPartyConfig({ tenantId, config, skipValidation });

  it('come back as they were given, and only to that tenant', async () => {
    expect(await thirdParty.listThirdPartyConfigs(tenantId)).toEqual([]);
    expect(await put(everything)).toEqual({ status: 'OK', createdNew: true });
    expect(await thirdParty.listThirdPartyConfigs(tenantId)).toEqual([everything]);
    expect(await thirdParty.listThirdPartyConfigs('public')).toEqual([]);
  });

  it('are replaced as a whole', async () => {
    await put(everything);
    const bare = { thirdPartyId: 'acme', name: 'Acme 2' };
    expect(await put(bare)).toEqual({ status: 'OK', createdNew: false });
    expect(await thirdParty.listThirdPartyConfigs(tenantId)).toEqual([bare]);
  });

  it('are in the order of their ids', async () => {
    for (const thirdPartyId of ['okta', 'google', 'Zebra']) await put({ thirdPartyId, name: thirdPartyId });
    const configs = await thirdParty.listThirdPartyConfigs(tenantId);
    expect(configs.map((config) => config.thirdPartyId)).toEqual(['Zebra', 'google', 'okta']);
  });

  it('are created once, however many do it at a time', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, at) => put({ ...everything, name: `Acme ${at}` })),
    );
    expect(results.filter((result) => result.status === 'OK' && result.createdNew)).toHaveLength(1);
    expect(await thirdParty.listThirdPartyConfigs(tenantId)).toHaveLength(1);
  });

  it('are deleted one by one', async () => {
    await put(everything);
    await put({ ...everything, thirdPartyId: 'other' });
    const deletion = { tenantId, thirdPartyId: 'acme' };
    expect(await thirdParty.deleteThirdPartyConfig({ tenantId: 'public', thirdPartyId: 'acme' })).toEqual({
      status: 'OK',
      didConfigExist: false,
    });
    expect(await thirdParty.deleteThirdPartyConfig(deletion)).toEqual({ status: 'OK', didConfigExist: true });
    expect(await thirdParty.deleteThirdPartyConfig(deletion)).toEqual({ status: 'OK', didConfigExist: false });
    const left = await thirdParty.listThirdPartyConfigs(tenantId);
    expect(left.map((config) => config.thirdPartyId)).toEqual(['other']);
  });

  it('go with the tenant', async () => {
    await put(everything);
    await tenants.deleteTenant(tenantId);
    await tenants.createTenant(tenantId);
    expect(await thirdParty.listThirdPartyConfigs(tenantId)).toEqual([]);
  });

  it.each<[string, Partial<ThirdPartyConfig>]>([
    ['with a name that is no text', { name: 7 as unknown as string }],
    ['with a client without an id', { clients: [{} as ProviderClientConfig] }],
    ['with a scope that is no text', { clients: [{ clientId: 'a', scope: [null as unknown as string] }] }],
    ['with two clients without a type', { clients: [{ clientId: 'a' }, { clientId: 'b' }] }],
    [
      'with two clients of one type',
      {
        clients: [
          { clientType: 'w', clientId: 'a' },
          { clientType: 'w', clientId: 'b' },
        ],
      },
    ],
    ['of Apple without anything', { thirdPartyId: 'apple', clients: [{ clientId: 'a' }] }],
    [
      'of Apple without a key',
      { thirdPartyId: 'apple-2', clients: [{ clientId: 'a', additionalConfig: { keyId: 'k', teamId: 't' } }] },
    ],
    [
      'of a workspace that is no domain',
      { thirdPartyId: 'google-workspaces', clients: [{ clientId: 'a', additionalConfig: { hd: 'a b' } }] },
    ],
    ['of SAML without an address', { thirdPartyId: 'boxy-saml', clients: [{ clientId: 'a' }] }],
  ])('are refused %s, unless asked not to', async (_how, part) => {
    const config = { ...everything, ...part };
    expect(await put(config)).toEqual({ status: 'CONFIG_VALIDATION_ERROR', reason: expect.stringMatching(/\w+ \w+/) });
    expect(await thirdParty.listThirdPartyConfigs(tenantId)).toEqual([]);
    expect(await put(config, true)).toEqual({ status: 'OK', createdNew: true });
  });

  it.each<Partial<ThirdPartyConfig>>([
    {
      thirdPartyId: 'apple',
      clients: [{ clientId: 'a', additionalConfig: { keyId: 'k', teamId: 't', privateKey: 'p' } }],
    },
    { thirdPartyId: 'google-workspaces', clients: [{ clientId: 'a', additionalConfig: { hd: 'acme.example' } }] },
    { thirdPartyId: 'google-workspaces', clients: [{ clientId: 'a', additionalConfig: { hd: '*' } }] },
    { thirdPartyId: 'boxy-saml', clients: [{ clientId: 'a', additionalConfig: { boxyURL: 'https://saml.example' } }] },
    { thirdPartyId: 'apple', clients: [{ clientId: 'a', clientSecret: 'b' }] },
    { thirdPartyId: 'acme', name: undefined },
    { thirdPartyId: 'acme', clients: [{ clientId: '' }] },
    { thirdPartyId: 'acme', clients: [] },
    { thirdPartyId: 'acme', clients: undefined },
  ])('are taken as %j', async (part) => {
    expect(await put({ ...everything, ...part })).toEqual({ status: 'OK', createdNew: true });
  });

  it.each<[string, unknown]>([
    ['without an id', { name: 'Acme' }],
    ['with an id that is no text', { thirdPartyId: 7, name: 'Acme' }],
    ['with an id that is too long', { thirdPartyId: 'x'.repeat(257), name: 'Acme' }],
    ['too large', { thirdPartyId: 'acme', name: 'x'.repeat(100_001) }],
    ['that are no JSON', { thirdPartyId: 'acme', name: 'Acme', validate: () => true }],
    ['that are a list', []],
  ])('are bad input %s', async (_how, config) => {
    await expect(put(config as ThirdPartyConfig, true)).rejects.toThrow(BadInputError);
  });

  it('are of tenants that exist', async () => {
    const unknown = { tenantId: 'nowhere', thirdPartyId: 'acme' };
    await expect(thirdParty.listThirdPartyConfigs('nowhere')).rejects.toThrow(UnknownTenantError);
    await expect(thirdParty.deleteThirdPartyConfig(unknown)).rejects.toThrow(UnknownTenantError);
    await expect(
      thirdParty.createOrUpdateThirdPartyConfig({ tenantId: 'nowhere', config: everything }),
    ).rejects.toThrow(UnknownTenantError);
  });
});
