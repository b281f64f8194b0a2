import { parseSetCookie, type SetCookie } from 'cookie';
import type { JsonObject } from 'latchkey';

export interface FrontToken {
  uid: string;
  /** Milliseconds since the Unix epoch. */
  ate: number;
  up: JsonObject & { iat: number; exp: number };
}

/** Every cookie of that name that an answer sets. */
export function cookiesSet(response: Response, name?: string): SetCookie[] {
  const cookies = response.headers.getSetCookie().map((header) => parseSetCookie(header));
  return name === undefined ? cookies : cookies.filter((cookie) => cookie.name === name);
}

/** The only cookie of that name that an answer sets. */
export function cookieSet(response: Response, name: string): SetCookie {
  const [cookie, ...others] = cookiesSet(response, name);
  if (cookie === undefined || others.length > 0) {
    throw new Error(`Expected one cookie ${name}, got: ${response.headers.getSetCookie().join(' | ') || 'none'}`);
  }
  return cookie;
}

export function exposedHeaders(response: Response): string[] {
  const header = response.headers.get('access-control-expose-headers') ?? '';
  return header
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

export function frontTokenOf(response: Response): FrontToken {
  const header = response.headers.get('front-token');
  if (header === null || header === 'remove') throw new Error(`Expected a front-token, got ${header}`);
  return JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as FrontToken;
}

/** Whether an answer tells the client to forget a session that travels in cookies. */
export function clearsCookies(response: Response): boolean {
  const cleared = cookiesSet(response).filter(({ value, expires }) => value === '' && expires?.getTime() === 0);
  return ['sAccessToken', 'sRefreshToken'].every((name) => cleared.some((cookie) => cookie.name === name));
}

/** Whether an answer tells the client to forget a session that travels in headers. */
export function clearsHeaders({ headers }: Response): boolean {
  return headers.get('st-access-token') === '' && headers.get('st-refresh-token') === '';
}

/** Whether an answer says anything about tokens, new or cleared. */
export function saysNothingOfTokens(response: Response): boolean {
  const names = ['front-token', 'st-access-token', 'st-refresh-token', 'anti-csrf'];
  return cookiesSet(response).length === 0 && names.every((name) => !response.headers.has(name));
}
