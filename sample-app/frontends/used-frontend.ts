import type { Request, Response } from 'express';

export type Frontend = 'plain' | 'login';

/** The frontend that this browser has opened last. */
export function frontendOf({ headers }: Request): Frontend {
  return /(?:^|;\s*)frontend=login(?:;|$)/.test(headers.cookie ?? '') ? 'login' : 'plain';
}

export function rememberFrontend(frontend: Frontend, response: Response): void {
  response.cookie('frontend', frontend, { sameSite: 'lax', httpOnly: true });
}
