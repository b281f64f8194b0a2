import { describe, expect, it } from '@jest/globals';
import { checkSmtpDeliveryOptions } from './smtp-delivery.options.js';
import { resolveSmtpOptions, type SmtpOptions } from './smtp.options.js';

const good = { host: 'smtp.example.com', from: 'a@example.com' };
const resolve = (options: unknown) => resolveSmtpOptions(options as SmtpOptions);

describe('The options of SMTP', () => {
  it('ask for TLS, but on this machine', () => {
    expect(resolve(good)).toMatchObject({ port: 587, secure: false, requireTLS: true });
    expect(resolve({ ...good, port: 465 })).toMatchObject({ port: 465, secure: true });
    expect(resolve({ ...good, secure: true })).toMatchObject({ port: 465, secure: true });
    for (const host of ['localhost', '127.0.0.1', '::1']) {
      expect(resolve({ ...good, host })).toMatchObject({ requireTLS: false });
    }
    expect(resolve({ ...good, host: '127.0.0.1.example.com' })).toMatchObject({ requireTLS: true });
  });

  it.each([
    [undefined, 'the options are missing'],
    [{ ...good, host: 'smtp://x' }, 'option host is "smtp://x". Give a host name'],
    [{ ...good, host: 'x:25' }, 'option host is "x:25". Give a host name'],
    [{ ...good, port: 0 }, 'option port is 0. Give a port'],
    [{ ...good, from: 'Acme' }, 'option from is "Acme". Give an address'],
    [{ ...good, from: 'a@x.com, b@x.com' }, 'option from is'],
    [{ ...good, pool: true }, 'there is no option pool'],
  ])('are refused as %j', (options, message) => {
    expect(() => resolve(options)).toThrow(message);
  });

  it('are refused without showing a password', () => {
    for (const auth of [{ user: 'u', pass: 12_345 }, 'u:12345', { pass: '12345' }, { user: 'u' }]) {
      const attempt = () => resolve({ ...good, auth });
      expect(attempt).toThrow(/option auth\.(?:user|pass) is missing or not text/);
      expect(attempt).not.toThrow(/12345/);
    }
  });

  it.each([
    [{ brand: { color: 'red' } }, 'brand.color'],
    [{ brand: { logoUrl: 'javascript:alert(1)' } }, 'brand.logoUrl'],
    [{ defaultLocale: 'not a tag' }, 'defaultLocale'],
    [{ translations: { fr: {} } }, 'translations.fr'],
    [{ colour: 'x' }, 'there is no option colour'],
  ])('of templates are refused as %j', (options, message) => {
    expect(() => checkSmtpDeliveryOptions({ smtp: good, ...options } as never)).toThrow(message);
  });
});
