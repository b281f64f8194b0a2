import { describe, expect, it } from '@jest/globals';
import { environment } from './environment.js';
import { Settings } from './settings.js';

/** What the sample makes of these variables, and of no others. */
function settingsOf(variables: Record<string, string>): Settings {
  const before = process.env;
  process.env = variables;
  try {
    return new Settings(environment());
  } finally {
    process.env = before;
  }
}

const OPENID = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'sample', OIDC_CLIENT_SECRET: 'secret' };

describe('the sample’s settings', () => {
  it('need no variable, and take an empty one for none', () => {
    const settings = settingsOf({ SMTP_URL: '', OIDC_ISSUER: ' ', OIDC_CLIENT_ID: '', TRUSTED_PROXIES: '' });
    expect(settings).toEqual(settingsOf({}));
    expect(settings).toMatchObject({ smtp: undefined, identityProvider: 'local', trustedProxies: undefined });
    expect(settings.core).toEqual({ sqlite: 'sample.sqlite' });
  });

  it('name other origins of pages', () => {
    const PAGE_ORIGINS = 'https://www.example.com/, https://admin.example.com';
    expect(settingsOf({}).pageOrigins).toEqual([]);
    expect(settingsOf({ PAGE_ORIGINS }).pageOrigins).toEqual(['https://www.example.com', 'https://admin.example.com']);
    expect(() => settingsOf({ PAGE_ORIGINS: 'https://a.example,b' })).toThrow('PAGE_ORIGINS is "b"');
  });

  it.each([
    ['smtp://mail:1025', { host: 'mail', port: 1025, secure: false }],
    ['smtp://mail:1025?requireTLS=false', { host: 'mail', port: 1025, secure: false, requireTLS: false }],
    [
      'smtps://ann%40acme.test:p%40ss@mail',
      { host: 'mail', secure: true, auth: { user: 'ann@acme.test', pass: 'p@ss' } },
    ],
  ])('send emails by %s', (SMTP_URL, smtp) => {
    expect(settingsOf({ SMTP_URL, MAIL_FROM: 'Acme <a@acme.test>' }).smtp).toEqual({
      ...smtp,
      from: 'Acme <a@acme.test>',
    });
  });

  it('name a provider, or none in production: the local one believes every name', () => {
    expect(settingsOf(OPENID).identityProvider).toEqual({
      issuer: 'https://id.example',
      clientId: 'sample',
      clientSecret: 'secret',
      name: 'OpenID',
    });
    expect(settingsOf({ NODE_ENV: 'production' }).identityProvider).toBe('none');
    expect(settingsOf({ NODE_ENV: 'production', ...OPENID, OIDC_NAME: 'Acme' }).identityProvider).toMatchObject({
      name: 'Acme',
    });
  });

  it('trust proxies by number or by address', () => {
    expect(settingsOf({ TRUSTED_PROXIES: '1' }).trustedProxies).toBe(1);
    expect(settingsOf({ TRUSTED_PROXIES: '10.0.0.0/8, loopback,::1' }).trustedProxies).toEqual([
      '10.0.0.0/8',
      'loopback',
      '::1',
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['PUBLIC_URL', { PUBLIC_URL: 'example.com' }, 'PUBLIC_URL=https://www.example.com'],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: 'yes' }, 'TRUSTED_PROXIES=1 or TRUSTED_PROXIES=10.0.0.0/8,loopback'],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES=1'],
    ['SMTP_URL', { SMTP_URL: 'mail.example.com' }, 'SMTP_URL=smtp://user:password@smtp.example.com:587'],
    ['SMTP_URL', { SMTP_URL: 'smtp://mail?requireTls=false' }, '?requireTLS=false'],
    ['MAIL_FROM', { MAIL_FROM: 'Acme' }, 'MAIL_FROM="Acme <no-reply@example.com>"'],
    ['LATCHKEY_MIGRATIONS', { LATCHKEY_MIGRATIONS: 'no' }, 'Give auto or check.'],
    ['OIDC_CLIENT_SECRET', { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'sample' }, 'or none of them'],
    ['OIDC_ISSUER', { ...OPENID, OIDC_ISSUER: 'id.example' }, 'OIDC_ISSUER=https://www.example.com'],
  ])('say of a wrong %s %j what to do', (variable, variables, fix) => {
    expect(() => settingsOf(variables)).toThrow(fix);
    expect(() => settingsOf(variables)).toThrow(new RegExp(`^${variable} `));
  });

  it.each(['http://ann:hush@mail', 'smtp://ann:hush@mail/path', 'smtp://ann:hush@'])(
    'keep the password of %s to themselves',
    (SMTP_URL) => {
      expect(() => settingsOf({ SMTP_URL })).toThrow(/^(?!.*hush)SMTP_URL is no address/);
    },
  );
});
