import { describe, expect, test } from '@jest/globals';
import { normaliseAppInfo } from '../../http/app-info.js';
import { normaliseSessionOptions, type SessionConfig, type SessionOptions } from './session.options.js';

function configOf(apiDomain: string, websiteDomain: string, options: SessionOptions = {}): SessionConfig {
  return normaliseSessionOptions(options, normaliseAppInfo({ appName: 'Test', apiDomain, websiteDomain }));
}

const fails = (options: object) => () =>
  configOf('https://api.example.com', 'https://example.com', options as SessionOptions);

describe('SameSite and Secure', () => {
  test.each([
    ['https://api.example.com', 'https://www.example.com', true, 'lax'],
    ['https://api.example.com', 'https://example.com', true, 'lax'],
    ['https://example.com', 'https://example.com:8443', true, 'lax'],
    ['https://API.Example.com', 'https://www.EXAMPLE.com', true, 'lax'],
    ['https://api.example.com', 'http://www.example.com', true, 'none'],
    ['http://api.example.com', 'https://www.example.com', false, 'none'],
    ['https://api.example.com', 'https://www.example.org', true, 'none'],
    ['https://example.com', 'https://badexample.com', true, 'none'],
    ['https://one.github.io', 'https://two.github.io', true, 'none'],
    ['https://api.example.co.uk', 'https://www.other.co.uk', true, 'none'],
    ['http://localhost:3000', 'http://localhost:4000', false, 'lax'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:4000', false, 'lax'],
    ['http://127.0.0.1:3000', 'http://127.0.0.2:3000', false, 'lax'],
    ['http://127.0.0.1:3000', 'http://localhost:4000', false, 'lax'],
    ['http://[::1]:3000', 'http://[::1]:4000', false, 'lax'],
  ] as const)('API %s with website %s: Secure %s, SameSite %s', (apiDomain, websiteDomain, secure, sameSite) => {
    const config = configOf(apiDomain, websiteDomain);
    expect(config.cookieSecure).toBe(secure);
    expect(config.getCookieSameSite()).toBe(sameSite);
  });
});

describe('anti-CSRF mode', () => {
  const [api, near, far] = ['https://api.example.com', 'https://example.com', 'https://example.org'];

  test('none where SameSite is lax or strict', () => {
    expect(configOf(api, near).getAntiCsrfMode()).toBe('NONE');
    expect(configOf(api, far, { cookieSameSite: 'strict' }).getAntiCsrfMode()).toBe('NONE');
  });

  test('by a custom header where SameSite is none', () => {
    expect(configOf(api, far).getAntiCsrfMode()).toBe('VIA_CUSTOM_HEADER');
    expect(configOf(api, near, { cookieSameSite: 'none' }).getAntiCsrfMode()).toBe('VIA_CUSTOM_HEADER');
  });

  test.each(['NONE', 'VIA_CUSTOM_HEADER', 'VIA_TOKEN'] as const)('%s where it is configured', (antiCsrf) => {
    expect(configOf(api, near, { antiCsrf }).getAntiCsrfMode()).toBe(antiCsrf);
    expect(configOf(api, far, { antiCsrf }).getAntiCsrfMode()).toBe(antiCsrf);
  });
});

test.each([
  ['https://api.example.com', '.example.com'],
  ['https://api.example.com', 'api.example.com'],
  ['https://api.example.com', 'EXAMPLE.com'],
  ['https://myapp.vercel.app', '.myapp.vercel.app'],
  ['http://localhost:3000', 'localhost'],
])('at %s a cookieDomain of %s is taken', (apiDomain, cookieDomain) => {
  expect(configOf(apiDomain, apiDomain, { cookieDomain }).cookieDomain).toBe(cookieDomain.toLowerCase());
});

test.each([
  ['https://api.myapp.vercel.app', '.vercel.app'],
  ['https://api.example.co.uk', '.co.uk'],
  ['http://localhost:3000', '.example.com'],
  ['http://10.0.0.1', '0.0.1'],
])('at %s browsers drop cookies of %s, so that the boot stops', (apiDomain, cookieDomain) => {
  expect(() => configOf(apiDomain, apiDomain, { cookieDomain })).toThrow(/browsers drop its cookies/);
});

describe('mistakes', () => {
  test.each([
    [{ antiCsrf: 'TOKEN' }, /antiCsrf is "TOKEN".*Give 'NONE', 'VIA_CUSTOM_HEADER' or 'VIA_TOKEN'/],
    [{ cookieSameSite: 'Lax' }, /cookieSameSite is "Lax"/],
    [{ cookieDomain: '' }, /cookieDomain is ""/],
    [{ cookieDomain: 'https://example.com' }, /cookieDomain is "https:\/\/example.com".*host name/],
    [{ cookieDomain: 'a.com; Secure' }, /cookieDomain/],
    [{ sessionExpiredStatusCode: 200 }, /sessionExpiredStatusCode is 200.*400 to 599/],
    [{ invalidClaimStatusCode: 401 }, /both 401/],
    [{ sessionExpiredStatusCode: 403 }, /both 403/],
    [{ getTokenTransferMethod: 'cookie' }, /getTokenTransferMethod is "cookie"/],
    [{ errorHandlers: { onUnauthorized: () => {} } }, /no option errorHandlers.onUnauthorized/],
    [{ cookieSecured: true }, /no option cookieSecured/],
    [
      { cookieDomain: '.exmaple.com' },
      /cookieDomain is ".exmaple.com", neither the host of apiDomain, api.example.com/,
    ],
    [{ cookieDomain: 'pi.example.com' }, /neither the host/],
    [{ cookieDomain: 'www.api.example.com' }, /neither the host/],
    [{ cookieDomain: '.com' }, /a domain below which everybody can have a site.*Give a parent of api.example.com/],
    [{ cookiePrefix: '__Host' }, /cookiePrefix is "__Host". Give '__Host-' or '__Secure-'/],
    [{ cookiePrefix: '__Host-', cookieDomain: 'example.com' }, /for this host alone.*Remove cookieDomain, or give/],
    [{ cookiePrefix: '__Host-', accessTokenPath: '/api' }, /only with the path \/, but accessTokenPath is "\/api"/],
    [{ cookiePrefix: '__Host-', getCookieNameForTokenType: () => 'a' }, /both say what cookies are called. Remove/],
    [{ accessTokenPath: 'api' }, /accessTokenPath is "api".*starts with a slash/],
    [{ getCookieNameForTokenType: 'acme' }, /getCookieNameForTokenType is "acme".*a function that returns a name/],
    [{ cookiePrefix: '__Secure-', cookieSecure: false }, /only on Secure cookies. Serve the API over https/],
  ])('%j is refused by name', (options, message) => {
    expect(fails(options)).toThrow(message);
  });
});
