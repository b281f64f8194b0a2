import { Logger } from '@nestjs/common';
import type { JsonObject } from '../../lib/core/json.types.js';
import { logLine, stackLines } from '../../lib/core/log-line.js';
import type { App } from './app.js';

/** After that long another process may have changed or removed an app. */
const RECHECK_MS = 5000;

interface OpenApp {
  app: Promise<App>;
  /** Once it is open. */
  opened?: App;
  /** The `coreConfig` it was opened with, as text. */
  config: string;
  checkedAtMs: number;
  /** Who is about to enter. */
  waiting: number;
}

/**
 * Apps that are open, the least lately used first. There are only so many at a time: each has a database of its own open, and is
 * opened again in a moment.
 */
export class OpenApps {
  private readonly logger = new Logger('Apps');
  private readonly entries = new Map<string, OpenApp>();
  private readonly closing = new Set<Promise<void>>();

  /** @param limit more are open only while all of them are in use */
  constructor(
    private readonly limit: number,
    private readonly open: (appId: string, coreConfig: JsonObject) => Promise<App>,
  ) {}

  /** Whether it is open, and its configuration was looked at just now. */
  isCurrent(appId: string): boolean {
    const entry = this.entries.get(appId);
    return entry !== undefined && Date.now() - entry.checkedAtMs < RECHECK_MS;
  }

  /** Has its configuration looked at again. */
  expire(appId: string): void {
    const entry = this.entries.get(appId);
    if (entry !== undefined) entry.checkedAtMs = 0;
  }

  /**
   * The caller leaves the app again: until then it stays open.
   * @param coreConfig as it is now; undefined where the app is current
   */
  async enter(appId: string, coreConfig?: JsonObject): Promise<App> {
    const entry = coreConfig === undefined ? this.entries.get(appId)! : this.entryOf(appId, coreConfig);
    this.entries.delete(appId);
    this.entries.set(appId, entry);
    entry.waiting += 1;
    try {
      this.closeIdle();
      const app = await entry.app;
      app.enter();
      return app;
    } finally {
      entry.waiting -= 1;
    }
  }

  /** Closes an app once nobody uses it. */
  async retire(appId: string): Promise<void> {
    const entry = this.entries.get(appId);
    this.entries.delete(appId);
    await (await entry?.app)?.retire();
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.entries.keys()].map((appId) => this.retire(appId)));
    await Promise.allSettled(this.closing);
  }

  private entryOf(appId: string, coreConfig: JsonObject): OpenApp {
    const config = JSON.stringify(coreConfig);
    const known = this.entries.get(appId);
    if (known?.config === config) {
      known.checkedAtMs = Date.now();
      return known;
    }
    const app = this.open(appId, coreConfig);
    const entry: OpenApp = { app, config, checkedAtMs: Date.now(), waiting: 0 };
    app.then(
      (opened) => (entry.opened = opened),
      // What failed is tried again by the next request.
      () => this.entries.get(appId) === entry && this.entries.delete(appId),
    );
    if (known !== undefined) this.closeLater(known.app.then((before) => before.retire()));
    return entry;
  }

  private closeIdle(): void {
    for (const [appId, { opened, waiting }] of this.entries) {
      if (this.entries.size <= this.limit) return;
      if (opened === undefined || waiting > 0 || opened.isInUse) continue;
      this.entries.delete(appId);
      this.closeLater(opened.retire());
    }
  }

  private closeLater(closed: Promise<void>): void {
    const closing = closed
      .catch((error: unknown) => this.logger.error(logLine(error), stackLines(error)))
      .finally(() => this.closing.delete(closing));
    this.closing.add(closing);
  }
}
