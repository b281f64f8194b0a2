import type { IncomingMessage, ServerResponse } from 'node:http';

/** A middleware that keeps requests from an application until the test lets them go, or has it answer as if a route were not there. */
export class HeldRequests {
  private readonly waiting: (() => void)[] = [];
  private path?: string;
  private count = 0;
  private isComplete: () => void = () => {};
  private missing?: string;

  /** @returns a promise for when so many requests to that path are waiting */
  wait(path: string, count = 1): Promise<void> {
    this.path = path;
    this.count = count;
    return new Promise((resolve) => (this.isComplete = resolve));
  }

  letGo(): void {
    this.path = undefined;
    for (const go of this.waiting.splice(0)) go();
  }

  /** @param path undefined turns everything on again */
  turnOff(path: string | undefined): void {
    this.missing = path;
  }

  readonly middleware = (request: IncomingMessage, _response: ServerResponse, next: () => void): void => {
    const path = request.method === 'OPTIONS' ? undefined : request.url!.split('?')[0];
    if (path !== undefined && path === this.missing) request.url = '/turned-off';
    if (path === undefined || path !== this.path) return next();
    this.waiting.push(next);
    if (this.waiting.length === this.count) this.isComplete();
  };
}
