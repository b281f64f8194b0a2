import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../core/auth.error.js';
import { isLocalHost, isSameSite, normaliseAppInfo, normalisePath, type AppInfo } from './app-info.js';

const info: AppInfo = { appName: 'A', apiDomain: 'https://api.example.com', websiteDomain: 'https://example.com' };

describe('normaliseAppInfo', () => {
  it('fills in the paths', () => {
    expect(normaliseAppInfo(info)).toMatchObject({
      appName: 'A',
      apiDomain: 'https://api.example.com',
      apiBasePath: '/auth',
      websiteBasePath: '/auth',
    });
  });

  it.each([
    ['HTTPS://API.Example.com/', 'https://api.example.com'],
    ['https://api.example.com:443', 'https://api.example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['api.example.com', 'https://api.example.com'],
    ['localhost:3000', 'http://localhost:3000'],
    ['192.168.1.5:3000', 'http://192.168.1.5:3000'],
  ])('apiDomain %s is the origin %s', (apiDomain, origin) => {
    expect(normaliseAppInfo({ ...info, apiDomain }).apiDomain).toBe(origin);
  });

  it.each([
    'api.example.com/auth',
    'user@api.example.com',
    '//api.example.com',
    'https://api.example.com/auth',
    'https://api.example.com?x=1',
    'https://api.example.com#x',
    'https://user@api.example.com',
    'ftp://api.example.com',
    'javascript:alert(1)',
    'https://',
    '',
  ])('apiDomain %j is refused', (apiDomain) => {
    expect(() => normaliseAppInfo({ ...info, apiDomain })).toThrow(ConfigurationError);
  });

  it('websiteDomain may depend on the request, and what it gives is checked', () => {
    const domains = ['https://a.example/', 'not an origin'];
    domains.splice(1, 0, 'https://evil.example');
    const { getWebsiteDomain } = normaliseAppInfo({
      ...info,
      websiteDomain: () => domains.shift()!,
      allowedOrigins: ['https://a.example'],
    });

    expect(getWebsiteDomain()).toBe('https://a.example');
    expect(() => getWebsiteDomain()).toThrow('Requests from https://evil.example are not accepted.');
    expect(() => getWebsiteDomain()).toThrow(
      'AuthModule appInfo.websiteDomain(): the options are "not an origin". Give an origin',
    );
  });

  it('websiteDomain as a function needs the list of what it may return', () => {
    expect(() => normaliseAppInfo({ ...info, websiteDomain: () => 'https://a.example' })).toThrow(
      "Give the origins that it may return as allowedOrigins: ['https://www.example.com'].",
    );
  });

  it.each(['https://*', 'https://*.com', 'https://a.*.example.com', 'www.example.com', 'https://a.example/path', '*'])(
    'the allowed origin %j is refused',
    (origin) => {
      expect(() => normaliseAppInfo({ ...info, allowedOrigins: [origin] })).toThrow(
        'Give an origin such as https://admin.example.com or https://*.example.com.',
      );
    },
  );

  it.each([
    ['/', ''],
    ['/auth', '/auth'],
    ['/auth///', '/auth'],
    ['/a/b.c-d_e~f/', '/a/b.c-d_e~f'],
  ])('the path %s is %j', (path, normalised) => {
    expect(normalisePath(path)).toBe(normalised);
    expect(normaliseAppInfo({ ...info, apiBasePath: path, websiteBasePath: path })).toMatchObject({
      apiBasePath: normalised,
      websiteBasePath: normalised,
    });
  });

  it.each(['auth', '', '/:id', '/a?b', '/a#b', '/a b', '/*', '/(a)', 'https://a.example/auth'])(
    'the path %j is refused: it would mean something to a router',
    (apiBasePath) => {
      expect(() => normaliseAppInfo({ ...info, apiBasePath })).toThrow(
        'a path that starts with a slash, such as /auth',
      );
    },
  );
});

describe('isSameSite', () => {
  it.each([
    ['https://api.example.com', 'https://www.example.com', true],
    ['https://example.com', 'http://example.com', false],
    ['https://a.example.com', 'https://a.example.org', false],
    ['https://a.github.io', 'https://b.github.io', false],
    ['https://a.co.uk', 'https://b.co.uk', false],
    ['http://localhost:3000', 'http://localhost:5173', true],
    ['http://localhost:3000', 'http://127.0.0.1:3000', true],
    ['http://10.0.0.1', 'http://10.0.0.2', true],
    ['http://127.0.0.1', 'https://localhost', false],
    ['http://127.0.0.1', 'http://example.com', false],
    ['http://api.test', 'http://www.api.test', true],
  ])('%s and %s: %s', (origin, other, same) => {
    expect(isSameSite(origin, other)).toBe(same);
    expect(isSameSite(other, origin)).toBe(same);
  });
});

describe('isLocalHost', () => {
  it.each([
    ['http://localhost:3000', true],
    ['http://app.localhost', true],
    ['http://127.0.0.1', true],
    ['http://[::1]:3000', true],
    ['https://example.com', false],
    ['https://localhost.example.com', false],
  ])('%s: %s', (origin, local) => {
    expect(isLocalHost(origin)).toBe(local);
  });
});
