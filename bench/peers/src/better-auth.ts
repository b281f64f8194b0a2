import { Injectable, UnauthorizedException, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { betterAuth as createAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders } from 'better-auth/node';
import { openDatabase } from './open-database.js';
import type { Peer } from './peer.js';

/**
 * The guard does what the community's package for NestJS does for a route without roles: `getSession` by the headers. That
 * package is made for Express only, and its versions for NestJS 12 do not run on Node 20.
 * @param options.cookieCache whether a signed cookie answers for five minutes, so that no query is made
 */
export async function betterAuth(options: { cookieCache: boolean }): Promise<Peer> {
  const auth = createAuth({
    baseURL: 'http://localhost:3000',
    secret: 'a secret that an application reads from its environment',
    database: await openDatabase(),
    emailAndPassword: { enabled: true },
    session: { cookieCache: { enabled: options.cookieCache, maxAge: 5 * 60 } },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });

  @Injectable()
  class BetterAuthGuard implements CanActivate {
    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = context.switchToHttp().getRequest();
      const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
      if (session === null) throw new UnauthorizedException();
      request.session = session;
      request.user = session.user;
      return true;
    }
  }

  return {
    guard: UseGuards(BetterAuthGuard),
    async signUp() {
      await (await getMigrations(auth.options)).runMigrations();
      const { headers } = await auth.api.signUpEmail({
        body: { name: 'a', email: 'a@example.com', password: 'bench-1234' },
        returnHeaders: true,
      });
      const cookies = headers.getSetCookie().map((cookie) => cookie.slice(0, cookie.indexOf(';')));
      return { cookie: { cookie: cookies.join('; ') } };
    },
  };
}
