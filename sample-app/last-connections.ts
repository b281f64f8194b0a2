import type { Server } from 'node:http';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

const LAST_REQUESTS_MS = 2000;

/**
 * Ends the connections that are left a while after the application was told to stop. A server waits for its connections,
 * and browsers open some ahead of time, on which no request may ever come.
 */
@Injectable()
export class LastConnections implements BeforeApplicationShutdown {
  constructor(private readonly http: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    setTimeout(() => server.closeAllConnections(), LAST_REQUESTS_MS).unref();
  }
}
