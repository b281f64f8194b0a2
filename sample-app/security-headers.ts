import type { NextFunction, Request, Response } from 'express';
import { API_REFERENCE_PATH } from './api-reference/api-reference.js';

function contentSecurityPolicy(styles: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const HEADERS = {
  'Content-Security-Policy': contentSecurityPolicy("'self'"),
  'Cross-Origin-Opener-Policy': 'same-origin',
  // The address of the reset page holds a token that must not travel on.
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // Most answers are for one user only. Routes that may be kept say so themselves.
  'Cache-Control': 'no-store',
};

/** Pages of packages that write their styles into the page itself. */
const INLINE_STYLES = new RegExp(`^/(?:${API_REFERENCE_PATH}|login)(?:/|$)`);

/** For every answer, those of Latchkey's routes included. */
export function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (INLINE_STYLES.test(request.path)) {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy("'self' 'unsafe-inline'"));
  }
  next();
}
