import { Injectable, UseGuards, type CanActivate } from '@nestjs/common';
import type { Peer } from './peer.js';

@Injectable()
class NoopGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** NestJS alone: what any guard costs. */
export function nothing(): Peer {
  return { guard: UseGuards(NoopGuard) };
}
