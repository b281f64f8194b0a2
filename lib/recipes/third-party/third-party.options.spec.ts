import { describe, expect, it } from '@jest/globals';
import { normaliseAppInfo } from '../../http/app-info.js';
import { Provider } from './providers/provider.js';
import { normaliseThirdPartyOptions, type ThirdPartyOptions } from './third-party.options.js';

const domain = 'https://example.com';
const appInfo = normaliseAppInfo({ appName: 'Acme', apiDomain: domain, websiteDomain: domain });
const normalise = (options: unknown) => normaliseThirdPartyOptions(options as ThirdPartyOptions, appInfo);
const clients = [{ clientId: 'a', clientSecret: 'b' }];
const custom = { thirdPartyId: 'acme', clients, oidcDiscoveryEndpoint: 'https://id.acme.example' };

describe('ThirdPartyRecipe.init', () => {
  it('needs no options, as tenants may have providers of their own', () => {
    expect(normalise({})).toEqual({
      providers: [],
      allowedRedirectURIs: [],
      providerTimeoutMs: 10_000,
      concurrentProviderRequests: 50,
      waitingProviderRequests: 100,
      bindCodesToBrowser: true,
    });
  });

  it.each([
    'active-directory-2',
    'bitbucket',
    'discord',
    'facebook',
    'github',
    'gitlab',
    'google',
    'google-acme',
    'google-workspaces',
    'linkedin',
    'twitter',
  ])('needs a client, and nothing else, of %s', (thirdPartyId) => {
    const additionalConfig = { directoryId: 'd' };
    const { providers } = normalise({ providers: [{ thirdPartyId, clients: [{ ...clients[0], additionalConfig }] }] });
    expect(providers.map(({ config }) => config.thirdPartyId)).toEqual([thirdPartyId]);
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown option', { provider: [] }, /there is no option provider\. Remove it/],
    ['no list', { providers: {} }, /option providers is .*Give a list of providers/],
    ['a string', { providers: ['google'] }, /providers\[0\]: .*Give a provider: \{ thirdPartyId/],
    ['no id', { providers: [{ clients }] }, /option thirdPartyId is missing/],
    ['an id for a path', { providers: [{ ...custom, thirdPartyId: '../a' }] }, /thirdPartyId is "\.\.\/a"/],
    ['a mistyped endpoint', { providers: [{ ...custom, tokenEndPoint: domain }] }, /no option tokenEndPoint/],
    ['an endpoint that is no address', { providers: [{ ...custom, jwksURI: 'example.com' }] }, /jwksURI.*https/],
    ['a client without an id', { providers: [{ ...custom, clients: [{}] }] }, /clients\[0\]\.clientId is missing/],
    [
      'scopes in one text',
      { providers: [{ ...custom, clients: [{ clientId: 'a', scope: 'email' }] }] },
      /scope is "email"/,
    ],
    ['one id twice', { providers: [custom, custom] }, /the provider acme is given twice/],
    [
      'two clients without types',
      { providers: [{ ...custom, clients: [...clients, ...clients] }] },
      /clientType of its own/,
    ],
    [
      'nowhere to go',
      { providers: [{ thirdPartyId: 'acme', clients }] },
      /nothing says where acme is\. Give oidcDiscovery/,
    ],
    [
      'half of an address',
      { providers: [{ thirdPartyId: 'acme', clients, tokenEndpoint: domain }] },
      /authorizationEndpoint/,
    ],
    ['Okta without a domain', { providers: [{ thirdPartyId: 'okta', clients }] }, /additionalConfig: \{ oktaDomain \}/],
    ['Entra without a directory', { providers: [{ thirdPartyId: 'active-directory', clients }] }, /\{ directoryId \}/],
    ['SAML without an address', { providers: [{ thirdPartyId: 'boxy-saml', clients }] }, /\{ boxyURL \}/],
    [
      'Apple without a key',
      { providers: [{ thirdPartyId: 'apple', clients: [{ clientId: 'a' }] }] },
      /keyId, teamId, privateKey/,
    ],
    [
      'a class that is no provider',
      { providers: [{ ...custom, useClass: class {} }] },
      /a class that extends Provider/,
    ],
    [
      'an instance of a class',
      { providers: [{ ...custom, useClass: new Provider() }] },
      /a class that extends Provider/,
    ],
    ['a redirect with a query', { allowedRedirectURIs: ['a:/b?c'] }, /allowedRedirectURIs\[0\].*without a query/],
    ['no time at all', { providerTimeoutMs: 0 }, /providerTimeoutMs is 0\. Give a whole number/],
    [
      'nothing at once',
      { concurrentProviderRequests: 0 },
      /concurrentProviderRequests is 0\. Give a whole number from 1/,
    ],
    ['fewer than none', { waitingProviderRequests: -1 }, /waitingProviderRequests is -1\. Give a whole number from 0/],
  ])('refuses %s, and says what to do', (_what, options, message) => {
    expect(() => normalise(options)).toThrow(message);
    expect(() => normalise(options)).toThrow(/^ThirdPartyRecipe\.init/);
  });

  it('shows no secret in its messages', () => {
    const options = { providers: [{ thirdPartyId: 'acme', clients: [{ clientId: 'a', clientSecret: 'hidden' }] }] };
    expect(() => normalise(options)).toThrow(/^(?!.*hidden)/s);
  });

  it('takes a word that only begins like a known provider for one of its own', () => {
    expect(() => normalise({ providers: [{ thirdPartyId: 'applecart', clients }] })).toThrow(/where applecart is/);
  });

  it('leaves it to a class to know where its provider is', () => {
    class Mine extends Provider {}
    const { providers } = normalise({ providers: [{ thirdPartyId: 'acme', clients, useClass: Mine }] });
    expect(providers[0]?.useClass).toBe(Mine);
  });
});
