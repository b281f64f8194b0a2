import type { Request, Response } from 'express';

/** Lives for as long as cookies may: a year. The client replaces it at each sign-in. */
const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * Tells the client that this browser has no session. A browser that knows nothing would find out by a refresh, and show its
 * 401 as an error to everybody who comes for the first time. The cookie is the client's own, which it keeps after a
 * sign-out; the server sees what the client cannot, the session's cookies.
 */
export function sayNothingToRefresh(request: Request, response: Response): void {
  if (/(?:^|;\s*)(?:sAccessToken|st-last-access-token-update)=/.test(request.headers.cookie ?? '')) return;
  response.cookie('st-last-access-token-update', String(Date.now()), { maxAge: LIFETIME_MS, sameSite: 'lax' });
}
