import { describe, expect, it } from '@jest/globals';
import { logLine, stackLines } from './log-line.js';

describe('logLine', () => {
  it.each([
    ['a form', 'no such code in grant_type=authorization_code&code=SECRET%2F1&client_secret=SECRET&x=1'],
    ['a form within a query', 'body%3Dcode%3DSECRET%26client_secret%3DSECRET%26x=1'],
    ['JSON', '{"code":"SECRET", "password" : "SECRET x", "refresh_token":"SECRET"}'],
    ['JSON within a string', '"{\\"access_token\\":\\"SECRET\\"}"'],
    ['a header', 'authorization: Bearer SECRET.SECRET'],
    ['a JSON Web Token', 'the token eyJhbGciOiJSUzI1NiJ9.SECRET.SECRET is old'],
    ['a value that is known', 'the grant abcd/SECRET and abcd%2FSECRET'],
  ])('hides secrets in %s', (_what, text) => {
    expect(logLine(text, ['abcd/SECRET', undefined])).toMatch(/\[hidden\]/);
    expect(logLine(text, ['abcd/SECRET'])).not.toMatch(/SECRET/);
  });

  it('keeps what says what is wrong', () => {
    const text = 'invalid_grant: the code has expired, status code: 400 (https://id.example/token?x=1)';
    expect(logLine(text)).toBe(text);
  });

  it('is one line of limited length', () => {
    expect(logLine('x\r\n[Nest] 1 LOG\u2028y\u001B[31m\u202Ez')).toBe('x [Nest] 1 LOG y [31m z');
    expect(logLine('x'.repeat(100_000))).toHaveLength(501);
    expect(logLine(`${'x'.repeat(490)} code=${'SECRET'.repeat(10)}`)).not.toContain('SECRET');
  });

  it('leaves the message out of a stack', () => {
    expect(stackLines(new Error('a\n    b'))).toMatch(/^ {4}at /);
    expect(stackLines('text')).toBeUndefined();
  });
});
