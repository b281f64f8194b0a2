import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';

/**
 * Emails hold links that open accounts. They are for anyone who sits at this machine: not for others in the network, nor
 * for a page elsewhere whose name leads here.
 */
@Injectable()
export class ThisMachineGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { socket, ip, hostname } = context.switchToHttp().getRequest<Request>();
    // The second is the client's where a proxy is trusted.
    const isLoopback = [socket.remoteAddress, ip].every((address = '') => /^(?:::ffff:)?127\.|^::1$/.test(address));
    return isLoopback && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  }
}
