import { afterAll, afterEach, beforeAll, describe, expect, jest } from '@jest/globals';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium, HOW_TO_INSTALL } from './chromium.js';
import { startSample, type RunningSample } from './running-sample.js';
import { SamplePage } from './sample-page.js';

// Each test loads several pages, some of two servers.
jest.setTimeout(90_000);

const executablePath = findChromium();
if (executablePath === undefined) console.warn(HOW_TO_INSTALL);

/** A sample application and a browser for the tests of one `describe`. Each test fails for what the browser complains about. */
export class SampleInBrowser {
  sample!: RunningSample;
  private browser!: Browser;
  private readonly contexts: BrowserContext[] = [];
  private readonly pages: SamplePage[] = [];

  async start(): Promise<void> {
    [this.sample, this.browser] = await Promise.all([
      startSample(),
      chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS }),
    ]);
  }

  /** @param options.context whose cookies it shares; without one, somebody new opens it */
  async openPage(options: { context?: BrowserContext; url?: string } = {}): Promise<SamplePage> {
    const { context = await this.newContext(), url = this.sample.url } = options;
    return this.watch(await SamplePage.open(context, url));
  }

  watch(page: SamplePage): SamplePage {
    this.pages.push(page);
    return page;
  }

  async closePages(): Promise<void> {
    const complaints = this.pages.splice(0).flatMap((page) => page.complaints);
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
    expect(complaints).toEqual([]);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.sample?.stop();
  }

  private async newContext(): Promise<BrowserContext> {
    const context = await this.browser.newContext();
    this.contexts.push(context);
    return context;
  }
}

/** A `describe` of tests in a browser: skipped, with the reason in the log, where none is installed. */
export function describeInBrowser(name: string, tests: (running: SampleInBrowser) => void): void {
  (executablePath === undefined ? describe.skip : describe)(name, () => {
    const running = new SampleInBrowser();
    beforeAll(() => running.start(), 120_000);
    afterEach(() => running.closePages());
    afterAll(() => running.stop());
    tests(running);
  });
}
