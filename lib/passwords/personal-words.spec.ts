import { describe, expect, it } from '@jest/globals';
import { holdsEmail, holdsWord } from './personal-words.js';

describe('holdsEmail', () => {
  it.each([
    ['my ada@example.com', 'ada@example.com'],
    ['MY ADA AT... ada example com', 'ada@example.com'],
    ['GrahamBell telephone', 'graham.bell@example.com'],
    ['graham.bell2026', 'graham.bell@example.com'],
    ['2026graham-bell', 'graham.bell@example.com'],
    ['Love-Lace for ever', 'lovelace+known@example.com'],
    ['victims of the victim', 'victim@example.com'],
    ['ελένη2026', 'Ελένη@example.com'],
    ['\u{1f511}grace.hopper\u{1f511}', 'grace.hopper@example.com'],
  ])('finds in %j what is of %s', (password, email) => expect(holdsEmail(password, email)).toBe(true));

  it.each([
    ['victims1pw', 'victim@example.com'],
    ['unlovelace 1', 'lovelace@example.com'],
    ['\u{10400}lovelace', 'lovelace@example.com'],
    ['for ada and com', 'ada@example.com'],
    ['correct horse 1', 'graham.bell@example.com'],
    ['x'.repeat(10_000), `${'x.'.repeat(31)}y@example.com`],
  ])('finds in %.20j nothing of %.20s', (password, email) => expect(holdsEmail(password, email)).toBe(false));
});

describe('holdsWord', () => {
  it('finds a name within a longer word, unless it is short', () => {
    expect(holdsWord('the A.C.M.E.company', 'Acme')).toBe(true);
    expect(holdsWord('an IBM computer', 'IBM')).toBe(false);
  });
});
