import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { SessionContainer } from 'latchkey';
import { Administrators } from './administrators.js';

/** Comes after SessionGuard, which puts the session on the request. */
@Injectable()
export class AdministratorGuard implements CanActivate {
  constructor(private readonly administrators: Administrators) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { session } = context.switchToHttp().getRequest<{ session?: SessionContainer }>();
    return session !== undefined && this.administrators.include(session.getUserId());
  }
}
