import { describe, expect, test } from '@jest/globals';
import { readCookieValues } from './cookies.js';

describe('readCookieValues', () => {
  test.each([
    ['a=1', ['1']],
    ['a=1; b=2', ['1']],
    ['b=2; a=1', ['1']],
    ['b=2;a=1', ['1']],
    ['  a=1  ; b=2', ['1']],
    ['a=', ['']],
    ['a=1; a=2; a=1', ['1', '2', '1']],
    ['a=b=c', ['b=c']],
    ['a="1"', ['1']],
    ['a="', ['"']],
    ['a=""', ['']],
    ['a=1;', ['1']],
    [';;; a=1;;', ['1']],
    ['a=%20%C3%A9', [' é']],
    ['a=%', ['%']],
    ['a=%E0%A4%A', ['%E0%A4%A']],
    ['', []],
    ['a', []],
    ['a; a=1', ['1']],
    ['b; a=1', ['1']],
    ['b; c=a=1', []],
    ['aa=1', []],
    ['xa=1', []],
    ['A=1', []],
    ['b=a=1', []],
    ['b="a=1; a=2"', ['2"']],
    ['=1', []],
  ])('%j holds %j for a', (header, values) => {
    expect(readCookieValues(header, 'a')).toEqual(values);
  });

  test('names that mean something to objects are names like any other', () => {
    expect(readCookieValues('__proto__=1; constructor=2', '__proto__')).toEqual(['1']);
    expect(readCookieValues('a=1', 'constructor')).toEqual([]);
  });

  test.each([
    ['semicolons', ';'.repeat(15_000)],
    ['semicolons before a cookie', `${'; '.repeat(15_000)}a=1`],
    ['semicolons after a cookie', `a=1${';'.repeat(15_000)}`],
    ['equals signs', '=;'.repeat(15_000)],
    ['names', 'a;'.repeat(15_000)],
  ])('a long header of %s is read about once', (_, text) => {
    const header = new CountedText(text);
    readCookieValues(header as unknown as string, 'a');
    expect(header.searched).toBeLessThanOrEqual(3 * text.length);
  });
});

/** Counts the characters that are looked at in a search. */
class CountedText extends String {
  searched = 0;

  override indexOf(sought: string, from = 0): number {
    const at = super.indexOf(sought, from);
    this.searched += (at === -1 ? this.length : at) - from + 1;
    return at;
  }
}
