import { describe, expect, it } from '@jest/globals';
import { CookieJar } from './cookie-jar.js';

function responseThatSets(...cookies: string[]): Response {
  const headers = new Headers();
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { headers });
}

describe('CookieJar', () => {
  it('has nothing to send at first', () => {
    const jar = new CookieJar();
    expect(jar.headerFor('/')).toBeUndefined();
    expect(jar.get('a')).toBeUndefined();
  });

  it('sends back what a response set', () => {
    const jar = new CookieJar();
    jar.store(responseThatSets('a=1; Path=/; HttpOnly', 'b=2; Path=/; SameSite=Lax'));
    expect(jar.headerFor('/any/where')).toBe('a=1; b=2');
    expect(jar.get('b')).toBe('2');
  });

  it('sends a cookie to its path and below, and nowhere else', () => {
    const jar = new CookieJar();
    jar.store(responseThatSets('r=1; Path=/auth/session/refresh'));
    expect(jar.headerFor('/auth/session/refresh')).toBe('r=1');
    expect(jar.headerFor('/auth/session/refresh/more')).toBe('r=1');
    for (const path of ['/', '/auth', '/auth/session', '/auth/session/refreshed', '/x/auth/session/refresh']) {
      expect(jar.headerFor(path)).toBeUndefined();
    }
  });

  it('replaces a cookie of the same name and path, and keeps one of another path', () => {
    const jar = new CookieJar();
    jar.store(responseThatSets('a=1; Path=/', 'a=2; Path=/x/'));
    jar.store(responseThatSets('a=3; Path=/'));
    expect(jar.headerFor('/')).toBe('a=3');
    expect(jar.headerFor('/x/y')?.split('; ').toSorted()).toEqual(['a=2', 'a=3']);
  });

  it('forgets a cookie that is set to expire in the past, of that path only', () => {
    const jar = new CookieJar();
    jar.store(responseThatSets('a=1; Path=/', 'b=2; Path=/', 'a=4; Path=/x'));
    jar.store(responseThatSets('a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'));
    expect(jar.headerFor('/')).toBe('b=2');
    expect(jar.headerFor('/x')?.split('; ').toSorted()).toEqual(['a=4', 'b=2']);
  });

  it('believes Max-Age more than Expires', () => {
    const jar = new CookieJar();
    const [past, future] = ['Thu, 01 Jan 1970 00:00:00 GMT', new Date(Date.now() + 60_000).toUTCString()];
    jar.store(responseThatSets(`a=1; Max-Age=60; Expires=${past}`, `b=2; Max-Age=0; Expires=${future}`));
    expect(jar.headerFor('/')).toBe('a=1');
  });

  it('keeps a cookie that expires in the future', () => {
    const jar = new CookieJar();
    jar.store(responseThatSets(`a=1; Path=/; Expires=${new Date(Date.now() + 60_000).toUTCString()}`));
    expect(jar.headerFor('/')).toBe('a=1');
  });

  it('takes a cookie that a test sets by hand', () => {
    const jar = new CookieJar();
    jar.set('a', '1');
    jar.set('a', '2');
    jar.set('b', '3', '/only');
    expect(jar.headerFor('/')).toBe('a=2');
    expect(jar.headerFor('/only')).toBe('a=2; b=3');
  });

  it('keeps values as they came: equal signs, dots and percent signs', () => {
    const jar = new CookieJar();
    jar.store(responseThatSets('a=ey.x-_.y==; Path=/', 'b=%20%C3%BC; Path=/'));
    expect(jar.headerFor('/')).toBe('a=ey.x-_.y==; b=%20%C3%BC');
  });
});
