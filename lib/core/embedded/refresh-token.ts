import { createHash, createHmac, randomBytes } from 'node:crypto';
import { equalText } from '../equal-text.js';

/*
 * A refresh token is `<handle>.<nonce>.<mac>.V2`. The MAC, under a secret of the session, tells a token
 * that was once issued from one that somebody made up: only the former may be reported as theft, or
 * anyone who knows a session's handle could have the session ended.
 *
 * The nonce of a session that was made without an anti-CSRF token ends in bits that base64url leaves unset: such a
 * session may get one later. Processes of 0.1.0 beside this one read over them, and their tokens never have them.
 */

const FORM = /^([\w-]{1,128})\.([\w-]{43})\.([\w-]{43})\.V2$/;
const MAX_LENGTH = 256;

export interface RefreshToken {
  text: string;
  sessionHandle: string;
  nonce: string;
  mac: string;
}

/** @returns undefined for anything that does not look like a refresh token */
export function readRefreshToken(text: unknown): RefreshToken | undefined {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return undefined;
  const [, sessionHandle, nonce, mac] = FORM.exec(text) ?? [];
  if (sessionHandle === undefined || nonce === undefined || mac === undefined) return undefined;
  return { text, sessionHandle, nonce, mac };
}

export function newRefreshSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function firstRefreshToken(sessionHandle: string, secret: string, hasAntiCsrf = true): string {
  return write(sessionHandle, mark(randomBytes(32).toString('base64url'), hasAntiCsrf), secret);
}

/**
 * Derived, not drawn: anyone who refreshes with one parent, at once or again, gets one successor. A session that has
 * had an anti-CSRF token keeps to it.
 * @param repeatedAtMs for a successor that replaces one which nobody has used
 */
export function successorOf(
  parent: RefreshToken,
  secret: string,
  enableAntiCsrf = true,
  repeatedAtMs?: number,
): string {
  const hasAntiCsrf = enableAntiCsrf || needsAntiCsrf(parent);
  const origin = repeatedAtMs === undefined ? parent.text : `${parent.text} ${repeatedAtMs}`;
  return write(parent.sessionHandle, mark(derive(secret, 'successor', origin), hasAntiCsrf), secret);
}

/** Whether the session has ever had an anti-CSRF token, which is then asked for. */
export function needsAntiCsrf({ nonce }: RefreshToken): boolean {
  return Buffer.from(nonce, 'base64url').toString('base64url') === nonce;
}

/** Whether a session with this secret ever issued the token. */
export function isGenuine(token: RefreshToken, secret: string): boolean {
  return equalText(token.mac, derive(secret, 'mac', `${token.sessionHandle}.${token.nonce}`));
}

export function antiCsrfTokenOf(refreshToken: string, secret: string): string {
  return derive(secret, 'anti-csrf', refreshToken);
}

export function hashRefreshToken(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex');
}

/** @param nonce 32 bytes in base64url, so that the last character has two bits to spare */
function mark(nonce: string, hasAntiCsrf: boolean): string {
  return hasAntiCsrf ? nonce : nonce.slice(0, -1) + String.fromCharCode(nonce.charCodeAt(nonce.length - 1) + 1);
}

function write(sessionHandle: string, nonce: string, secret: string): string {
  const mac = derive(secret, 'mac', `${sessionHandle}.${nonce}`);
  return `${sessionHandle}.${nonce}.${mac}.V2`;
}

/** `purpose` keeps a value made for one use from being of any use elsewhere. */
function derive(secret: string, purpose: 'successor' | 'mac' | 'anti-csrf', text: string): string {
  return createHmac('sha256', Buffer.from(secret, 'base64url')).update(`${purpose}\0${text}`).digest('base64url');
}
