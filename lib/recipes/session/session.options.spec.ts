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
    ['http://127.0.0.1:3000', 'http://127.0.0.2:3000', false, 'none'],
    ['http://127.0.0.1:3000', 'http://localhost:4000', false, 'none'],
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
  ])('%j is refused by name', (options, message) => {
    expect(fails(options)).toThrow(message);
  });
});
