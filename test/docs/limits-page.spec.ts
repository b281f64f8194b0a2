import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { mostAttempts, ratesPart, yearsFor } from '../../bench/limits-page.js';
import { replacePart } from '../../bench/page.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/security/limits.md', import.meta.url)), 'utf8');
/** Whatever the widths of columns. */
const plain = (text: string) => text.replaceAll(/[\s|:-]+/g, ' ');

describe('docs/security/limits.md', () => {
  it('says what the limits are now', () => {
    expect(plain(replacePart(page, 'rates', 'bench:limits', ratesPart()))).toBe(plain(page));
  });

  it('was measured: one account gives no more guesses over two replicas', () => {
    const [, measured] = page.split('<!-- measured: made by npm run bench:limits -->');
    const rows = measured!.matchAll(/^\| one account, from [^|]+\| +([\d,]+) \| +([\d,]+) \|/gm);
    const counts = [...rows].map(([, checked, refused]) =>
      [checked, refused].map((text) => Number(text!.replace(',', ''))),
    );
    expect(counts).toHaveLength(2);
    for (const [checked, refused] of counts) {
      expect(checked! + refused!).toBe(10_000);
      expect(checked).toBeLessThan(20);
    }
  });
});

describe('What rates come to', () => {
  const tenInTenMinutes = { attempts: 10, seconds: 600 };
  const hundredInAYear = { attempts: 100, seconds: 31_536_000 };

  it.each([
    ['what is there at once', [tenInTenMinutes], 0, 10],
    ['and what is added since', [tenInTenMinutes], 3600, 70],
    ['by the strictest of them', [tenInTenMinutes, hundredInAYear], 86_400, 100],
    ['whatever the time', [tenInTenMinutes, hundredInAYear], 60, 11],
    ['without a limit where there is none', [], 60, Infinity],
  ])('is %s', (_what, rates, seconds, most) => {
    expect(mostAttempts(rates, seconds)).toBe(most);
  });

  it('is many years for a list of common passwords', () => {
    expect(yearsFor(3000)).toBe(29);
  });
});
