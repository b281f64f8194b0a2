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

  test('a long header of nothing but separators takes no time', () => {
    // Minutes, if each separator were looked at for each other one.
    const startedAtMs = performance.now();
    expect(readCookieValues(`${'; '.repeat(100_000)}a=1${'=;'.repeat(100_000)}`, 'a')).toHaveLength(1);
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });
});
