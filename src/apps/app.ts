import type { Core } from '../../lib/core/core.js';
import type { EngineOptions } from '../../lib/core/engine-options.js';
import type { JsonObject } from '../../lib/core/json.types.js';
import type { ApiKeys } from './api-keys.js';

const RETIREMENT_MS = 10_000;

/** One app that is open: its core, and the requests that are using it. */
export class App {
  private inUse = 0;
  private onIdle: (() => void) | undefined;

  constructor(
    readonly appId: string,
    readonly core: Core,
    readonly apiKeys: ApiKeys,
    /** As drivers gave it; that of its public tenant as well. */
    readonly coreConfig: JsonObject = {},
    /** What its engine works by, where that is not the default. */
    readonly engine: EngineOptions = {},
  ) {}

  get isInUse(): boolean {
    return this.inUse > 0;
  }

  enter(): void {
    this.inUse += 1;
  }

  leave(): void {
    this.inUse -= 1;
    if (this.inUse === 0) this.onIdle?.();
  }

  /** Closes the core once nobody uses it, or after a while: to be called when no new request can find the app. */
  async retire(): Promise<void> {
    if (this.isInUse) await this.idle();
    await this.core.close();
  }

  private async idle(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.onIdle = resolve;
      timer = setTimeout(resolve, RETIREMENT_MS);
    });
    clearTimeout(timer);
  }
}
