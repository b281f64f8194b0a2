import { describe, expect, it } from '@jest/globals';
import { onDark, readableOn } from './email-style.js';
import { de } from './de.js';
import { en } from './en.js';
import { type EmailToRender, renderEmail } from './render-email.js';
import { timeFromNow } from './time-from-now.js';

const RESET = {
  subject: 'Choose a new password for {appName}',
  preheader: 'Somebody asked.',
  heading: 'Choose a new password',
  intro: 'Somebody asked for a new password for your account {email} at {appName}.',
  button: 'Choose',
  notAsked: 'Do nothing.',
};
const NOW = Date.UTC(2030, 0, 1);
const MINUTE = 60_000;

function render(input: Partial<EmailToRender> = {}) {
  const base = { appName: 'Acme', email: 'ada@example.com', link: 'https://www.example.com/r?token=t&tenantId=public' };
  return renderEmail({ texts: { ...en, ...RESET }, locale: 'en', brand: {}, ...base, ...input }, NOW);
}

describe('An email', () => {
  it('says the same as text and as HTML', () => {
    const { subject, text, html } = render({ expiresAtMs: NOW + 60 * MINUTE });
    expect(subject).toBe('Choose a new password for Acme');
    expect(text).toContain('\n\nhttps://www.example.com/r?token=t&tenantId=public\n\n');
    expect(html.split('href="https://www.example.com/r?token=t&amp;tenantId=public"')).toHaveLength(3);
    for (const part of [text, html]) {
      expect(part).toContain('ada@example.com');
      expect(part).toContain('The link works once and expires in 1 hour.');
      expect(part).not.toMatch(/\{\w+\}/);
    }
  });

  it('tells its language and its direction of writing', () => {
    expect(render({ texts: { ...de, ...RESET }, locale: 'de' }).html).toContain('<html lang="de" dir="ltr">');
    expect(render({ locale: 'he' }).html).toContain('<html lang="he" dir="rtl">');
  });

  it('shows no markup of what it is given', () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const texts = { ...en, ...RESET, intro: `${evil} {email}`, button: evil };
    const { html } = render({ appName: evil, email: `${evil}@x`, link: `https://x/"><script>${evil}`, texts });
    expect(html).not.toMatch(/<img|<script/);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
  });

  it('fills in no placeholder that comes from a value, and keeps its subject on one line', () => {
    const { subject, text } = render({ appName: '{email}\r\nBcc: eve@elsewhere.test', email: '{appName}' });
    expect(subject).toBe('Choose a new password for {email} Bcc: eve@elsewhere.test');
    expect(text).toContain('your account {appName} at {email} Bcc:');
  });

  it('shows a code where there is one, and neither a button nor a hint without a link', () => {
    const code = { subject: '{code} is your code', worksOnce: 'The code works once.' };
    const { subject, text, html } = render({ link: undefined, code: '042 137', texts: { ...en, ...RESET, ...code } });
    expect(subject).toBe('042 137 is your code');
    for (const part of [text, html]) expect(part).toContain('042 137');
    expect(text).toContain('The code works once.');
    expect(html).not.toMatch(/<a\b|If the button/);
  });

  it.each([
    [59.9, 'en', 'in 1 hour'],
    [45, 'en', 'in 45 minutes'],
    [119, 'en', 'in 119 minutes'],
    [24 * 60, 'en', 'in 24 hours'],
    [72 * 60, 'de', 'in 3 Tagen'],
    [60, 'de', 'in 1 Stunde'],
    [-5, 'en', 'in 0 minutes'],
  ])('calls %d minutes in %s: %s', (minutes, locale, expected) => {
    expect(timeFromNow(NOW + minutes * MINUTE, NOW, locale)).toBe(expected);
  });

  it('has a button that can be read, on a light and on a dark ground', () => {
    expect([readableOn('#ffff00'), readableOn('#102040')]).toEqual(['#000000', '#ffffff']);
    expect(onDark('#4cc79b')).toBe('#4cc79b');
    expect(onDark('#000000')).toMatch(/^#([89a-f][\da-f])\1\1$/);
  });
});
