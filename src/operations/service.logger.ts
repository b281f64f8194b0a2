import { AsyncLocalStorage } from 'node:async_hooks';
import { ConsoleLogger } from '@nestjs/common';
import { logLevels, type ServiceLogLevel } from '../core-service.options.js';

/** Shared by all services of a process: before Node 24, every promise pays for each store that was ever used. */
const currentId = new AsyncLocalStorage<string>();

/** Ids of requests, known to everything that happens for them. */
export const requestIds = {
  run(requestId: string, work: () => void): void {
    currentId.run(requestId, work);
  },

  get(): string | undefined {
    return currentId.getStore();
  },
};

/** One JSON object a line, with the id of the request it was written for. */
export class ServiceLogger extends ConsoleLogger {
  constructor(level: ServiceLogLevel) {
    super({ json: true, colors: false, compact: true, logLevels: logLevels.slice(0, logLevels.indexOf(level) + 1) });
  }

  protected override getJsonLogObject(...args: Parameters<ConsoleLogger['getJsonLogObject']>) {
    const { params, ...line } = super.getJsonLogObject(...args);
    const requestId = requestIds.get();
    return { ...line, ...params, ...(requestId === undefined ? {} : { requestId }) };
  }
}
