import { afterAll, afterEach, beforeAll, describe, expect, jest } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium, HOW_TO_INSTALL } from './chromium.js';
import { type Sample as SampleOfRun, sampleOfRun } from './running-sample.js';
import { PASSWORD, SamplePage } from './sample-page.js';

// Each test loads several pages, some of two servers.
jest.setTimeout(240_000);

const executablePath = findChromium();
if (executablePath === undefined) console.warn(HOW_TO_INSTALL);

/** What is opened in a browser, and ended after the tests. */
export interface InBrowser {
  url: string;
  stop(): Promise<unknown>;
}

/** A sample application and a browser for the tests of one `describe`. Each test fails for what the browser complains about. */
export class SampleInBrowser<Sample extends InBrowser = InBrowser & SampleOfRun> {
  sample!: Sample;
  private browser!: Browser;
  /** The pages of the test that runs. */
  private readonly pages: SamplePage[] = [];
  /** The first page of each context, which tests get as good as new: a new one takes two processes more. */
  private readonly kept: SamplePage[] = [];

  constructor(
    private readonly startSample: () => Promise<Sample>,
    private readonly args: readonly string[] = [],
  ) {}

  async start(): Promise<void> {
    [this.sample, this.browser] = await Promise.all([
      this.startSample(),
      chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS, ...this.args] }),
    ]);
  }

  /**
   * @param options.context whose cookies it shares; without one, somebody new opens it
   * @param options.signedUpAs who has signed up in that browser before; nobody by default
   */
  async openPage(options: { context?: BrowserContext; url?: string; signedUpAs?: string } = {}): Promise<SamplePage> {
    const { context, url = `${this.sample.url}/plain`, signedUpAs } = options;
    const page = context === undefined ? await this.newPage(url) : await SamplePage.create(context);
    this.watch(page);
    if (signedUpAs !== undefined) await signUp(page.context, this.sample.url, signedUpAs);
    await page.goto(url);
    return page;
  }

  watch(page: SamplePage): SamplePage {
    this.pages.push(page);
    return page;
  }

  async closePages(): Promise<void> {
    const complaints = this.pages.splice(0).flatMap((page) => page.complaints);
    const tabs = this.kept.flatMap(({ context, page }) => context.pages().filter((other) => other !== page));
    await Promise.all(tabs.map((tab) => tab.close()));
    expect(complaints).toEqual([]);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.sample?.stop();
  }

  private async newPage(url: string): Promise<SamplePage> {
    for (const page of this.kept) {
      if (!this.pages.includes(page) && (await page.forget(url))) return page;
    }
    // Colours that change slowly are drawn many times.
    const context = await this.browser.newContext({ reducedMotion: 'reduce' });
    const page = await SamplePage.create(context);
    this.kept.push(page);
    return page;
  }
}

/** The browser keeps the cookies. */
async function signUp(context: BrowserContext, url: string, email: string): Promise<void> {
  const headers = { 'st-auth-mode': 'cookie' };
  const response = await context.request.post(`${url}/auth/signup`, {
    data: formFields({ email, password: PASSWORD }),
    headers,
  });
  expect(await response.json()).toMatchObject({ status: 'OK' });
}

/**
 * A `describe` of tests in a browser: skipped, with the reason in the log, where none is installed. All tabs of somebody, and
 * what they go to, have one process, as where a browser is short of memory.
 */
export function describeInBrowser(name: string, tests: (running: SampleInBrowser) => void): void {
  describeBrowsed(name, sampleOfRun, tests, ['--renderer-process-limit=1']);
}

/** The same with another sample than that of the run, and a process for each tab. */
export function describeBrowsed<Sample extends InBrowser>(
  name: string,
  start: () => Promise<Sample>,
  tests: (running: SampleInBrowser<Sample>) => void,
  args: readonly string[] = [],
): void {
  (executablePath === undefined ? describe.skip : describe)(name, () => {
    const running = new SampleInBrowser(start, args);
    beforeAll(() => running.start(), 120_000);
    afterEach(() => running.closePages());
    afterAll(() => running.stop());
    tests(running);
  });
}
