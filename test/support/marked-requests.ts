import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';

const request = new AsyncLocalStorage<true>();

/** From now on `isOfRequest` tells what this application does for requests from what goes on in the background, here or elsewhere. */
export function markRequests(app: INestApplication): void {
  (app.getHttpServer() as Server).prependListener('request', () => request.enterWith(true));
}

/** Whether what runs now was begun by a request to a marked application. */
export function isOfRequest(): boolean {
  return request.getStore() === true;
}
