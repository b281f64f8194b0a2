import { AsyncLocalStorage } from 'node:async_hooks';
import { ConsoleLogger } from '@nestjs/common';
import { logLevels, type ServiceLogLevel } from '../core-service.options.js';

/** Ids of requests, known to everything that happens for them. */
export class RequestIds {
  private readonly current = new AsyncLocalStorage<string>();

  run(requestId: string, work: () => void): void {
    this.current.run(requestId, work);
  }

  get(): string | undefined {
    return this.current.getStore();
  }
}

/** One JSON object a line, with the id of the request it was written for. */
export class ServiceLogger extends ConsoleLogger {
  constructor(
    level: ServiceLogLevel,
    private readonly requestIds: RequestIds,
  ) {
    super({ json: true, colors: false, compact: true, logLevels: logLevels.slice(0, logLevels.indexOf(level) + 1) });
  }

  protected override getJsonLogObject(...args: Parameters<ConsoleLogger['getJsonLogObject']>) {
    const { params, ...line } = super.getJsonLogObject(...args);
    const requestId = this.requestIds.get();
    return { ...line, ...params, ...(requestId === undefined ? {} : { requestId }) };
  }
}
