import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ThirdPartyFunctions } from 'latchkey';
import { Core } from '../../../lib/core/core.js';
import { TenantsCore } from '../../../lib/core/tenants.core.js';
import { ThirdPartyCore, type ThirdPartyConfig } from '../../../lib/core/third-party.core.js';
import type { AuthApp } from '../../support/auth-app.js';
import { TestOidcProvider, CONFIDENTIAL_CLIENT } from '../../support/oidc-provider.js';
import { localProvider, startThirdPartyApp } from '../../support/third-party-app.js';
import { askForAuthorisationURL, signInByProvider, startSignIn } from '../../support/third-party-sign-in.js';

describe("A tenant's providers", () => {
  let provider: TestOidcProvider;
  let auth: AuthApp;
  let thirdParty: ThirdPartyCore;
  const endpoints = {
    authorizationEndpoint: 'https://id.example/authorize',
    tokenEndpoint: 'https://id.example/token',
  };

  beforeAll(async () => {
    provider = await TestOidcProvider.start();
    auth = await startThirdPartyApp('Express', {
      thirdParty: {
        providers: [
          localProvider(provider),
          {
            thirdPartyId: 'everywhere',
            name: 'Everywhere',
            ...endpoints,
            clients: [{ clientId: 'static', clientSecret: 'static-secret', scope: ['one'] }],
            authorizationEndpointQueryParams: { prompt: 'login' },
            includeInNonPublicTenantsByDefault: true,
          },
        ],
      },
    });
    const core = auth.app.get(Core, { strict: false });
    thirdParty = core.port(ThirdPartyCore);
    for (const tenantId of ['plain', 'own', 'merging', 'other']) await core.port(TenantsCore).createTenant(tenantId);
  });
  afterAll(async () => {
    await auth.app.close();
    await provider.close();
  });

  async function put(tenantId: string, config: ThirdPartyConfig): Promise<void> {
    const result = await thirdParty.createOrUpdateThirdPartyConfig({ tenantId, config });
    expect(result.status).toBe('OK');
  }

  async function ids(tenantId: string): Promise<string[]> {
    const response = await auth.client().get(`/auth/${tenantId}/loginmethods`);
    const { thirdParty } = (await response.json()) as { thirdParty: { providers: { id: string }[] } };
    return thirdParty.providers.map(({ id }) => id);
  }

  it('are those of the application that are for every tenant, as long as it has none of its own', async () => {
    expect(await ids('public')).toEqual(['local', 'everywhere']);
    expect(await ids('plain')).toEqual(['everywhere']);
    const refused = await askForAuthorisationURL(auth.client(), { thirdPartyId: 'local', basePath: '/auth/plain' });
    expect(refused.status).toBe(400);
  });

  it('are its own alone, once it has one', async () => {
    const clients = [{ ...CONFIDENTIAL_CLIENT, scope: ['openid', 'email'] }];
    await put('own', { thirdPartyId: 'acme', name: 'Acme', oidcDiscoveryEndpoint: provider.issuer, clients });
    expect(await ids('own')).toEqual(['acme']);
    expect(await ids('other')).toEqual(['everywhere']);
    const acme = { thirdPartyId: 'acme', basePath: '/auth/own' };
    const { sub } = provider.addAccount();
    const response = await signInByProvider(auth.client(), provider, sub, acme);
    expect(await response.json()).toMatchObject({ status: 'OK', user: { tenantIds: ['own'] } });
    for (const basePath of ['/auth', '/auth/other']) {
      expect((await askForAuthorisationURL(auth.client(), { ...acme, basePath })).status).toBe(400);
    }
    await thirdParty.deleteThirdPartyConfig({ tenantId: 'own', thirdPartyId: 'acme' });
    expect(await ids('own')).toEqual(['everywhere']);
  });

  it("lie over the application's", async () => {
    await put('merging', {
      thirdPartyId: 'everywhere',
      name: 'Ours',
      clients: [{ clientId: 'ours' }],
      tokenEndpoint: 'https://ours.example/token',
    });
    const ours = { thirdPartyId: 'everywhere', basePath: '/auth/merging' };
    const { url, pkceCodeVerifier } = await startSignIn(auth.client(), ours);
    expect(url.origin).toBe('https://id.example');
    expect(url.searchParams.get('client_id')).toBe('ours');
    expect(url.searchParams.get('prompt')).toBe('login');
    expect(pkceCodeVerifier).toBeDefined();
    const merged = await auth.app.get(ThirdPartyFunctions).getProvider({ ...ours, tenantId: 'merging' });
    expect(merged).toMatchObject({ name: 'Ours', config: { tokenEndpoint: 'https://ours.example/token' } });
    expect(JSON.stringify(merged?.config)).not.toContain('static-secret');
    const untouched = await startSignIn(auth.client(), { thirdPartyId: 'everywhere' });
    expect(untouched.url.searchParams.get('client_id')).toBe('static');
  });

  it('may be of a kind that is built in', async () => {
    await put('other', {
      thirdPartyId: 'okta-other',
      name: 'Our Okta',
      clients: [{ clientId: 'o', clientSecret: 's', additionalConfig: { oktaDomain: 'other.okta.example' } }],
    });
    const okta = await auth.app.get(ThirdPartyFunctions).getProvider({ thirdPartyId: 'okta-other', tenantId: 'other' });
    expect(okta?.config).toMatchObject({
      oidcDiscoveryEndpoint: 'https://other.okta.example',
      scope: ['openid', 'email'],
    });
  });

  it('that cannot work harm themselves only', async () => {
    const broken = { thirdPartyId: 'broken', name: 'Broken', clients: [{ clientId: 'x' }] };
    await put('other', broken);
    await put('other', { thirdPartyId: 'odd', name: 'Odd', clients: [] });
    expect(await ids('other')).toEqual(['broken', 'okta-other']);
    const response = await askForAuthorisationURL(auth.client(), { thirdPartyId: 'broken', basePath: '/auth/other' });
    expect(await response.json()).toMatchObject({ status: 'GENERAL_ERROR' });
  });
});
