import { describe, expect, it } from '@jest/globals';
import { acceptedLanguages, matchLanguage } from './accept-language.js';

describe('Accept-Language', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['de-AT, de;q=0.9, en;q=0.5', ['de-AT', 'de', 'en']],
    ['en;q=0.1,de;q=0.9', ['de', 'en']],
    ['de;q=0, en', ['en']],
    ['*, fr;q=0.5', ['fr']],
    ['de;q=x, <script>, en', ['en']],
    ['__proto__, constructor', []],
    [`de,${'x'.repeat(1000)}`, []],
  ])('%j asks for %j', (header, expected) => {
    expect(acceptedLanguages(header)).toEqual(expected);
  });

  it.each([
    [['de-AT'], 'de'],
    [['DE'], 'de'],
    [['pt'], 'pt-BR'],
    [['fr', 'en-GB'], 'en'],
    [['fr'], undefined],
    [[], undefined],
  ])('%j is met by %s', (wanted, expected) => {
    expect(matchLanguage(wanted, ['en', 'de', 'pt-BR'])).toBe(expected);
  });
});
