import type { CoreSession } from '../../core/sessions.core.js';

/** What the frontend may know of a session: standard base64 of `{ uid, ate: expiry in ms, up: payload }`. */
export function frontTokenOf(session: CoreSession): string {
  const { userId: uid, accessTokenExpiry: ate, accessTokenPayload: up } = session;
  return Buffer.from(JSON.stringify({ uid, ate, up }), 'utf8').toString('base64');
}
