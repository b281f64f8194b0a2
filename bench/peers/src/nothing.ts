import { Injectable, UseGuards, type CanActivate } from '@nestjs/common';
import type { Peer } from './peer.js';

@Injectable()
class NoopGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** As long as an access token of Latchkey's: reading the bytes of a request costs, whatever guards it. */
const TOKEN = 'x'.repeat(977);

/** NestJS alone: what any guard costs. */
export function nothing(): Peer {
  return {
    guard: UseGuards(NoopGuard),
    signUp: async () => ({
      header: { authorization: `Bearer ${TOKEN}` },
      cookie: { cookie: `sAccessToken=${TOKEN}` },
    }),
  };
}
