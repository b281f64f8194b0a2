import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { EmailPasswordApi, EmailPasswordFunctions } from 'latchkey';
import { chromium, type Browser } from 'playwright-core';
import { API_KEY, startDashboardApp, type DashboardApp } from '../support/dashboard-app.js';
import { runService } from '../support/run-service.js';
import { CHROMIUM_ARGUMENTS, findChromium, HOW_TO_INSTALL } from './chromium.js';
import { DashboardPage } from './dashboard-page.js';

const executablePath = findChromium();
if (executablePath === undefined) console.warn(HOW_TO_INSTALL);

const SCREEN = { width: 1280, height: 720 };

class InviteOnly extends EmailPasswordApi {
  override signUpPOST(...input: Parameters<EmailPasswordApi['signUpPOST']>) {
    return super.signUpPOST(...input);
  }
}

class Audited extends EmailPasswordFunctions {
  override signIn(...input: Parameters<EmailPasswordFunctions['signIn']>) {
    return super.signIn(...input);
  }
}

/** An application with the dashboard, and a browser, for the tests of one file. */
export class DashboardInBrowser {
  app!: DashboardApp;
  /** Signed in by the API key: the tests use it one after the other. */
  page!: DashboardPage;
  private browser!: Browser;
  /** The page of strangers, which each test that opens one gets as good as new: another context takes a process more. */
  private stranger!: DashboardPage;
  private readonly tabs: DashboardPage[] = [];

  async start(): Promise<void> {
    runService('dashboard');
    [this.app, this.browser] = await Promise.all([
      startDashboardApp('Express', {
        dashboard: { apiKey: API_KEY, admins: ['admin@example.com'] },
        emailPassword: { override: { apis: InviteOnly, functions: Audited } },
      }),
      chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS }),
    ]);
    this.page = await this.newPage();
    await this.page.useKey(API_KEY);
    this.stranger = await this.newPage();
  }

  /** As in a browser that nobody has used before. A test opens one at most. */
  async open(viewport = SCREEN): Promise<DashboardPage> {
    await this.stranger.page.setViewportSize(viewport);
    await this.stranger.forget();
    return this.stranger;
  }

  async openTabOf(other: DashboardPage): Promise<DashboardPage> {
    const page = await DashboardPage.open(other.page.context(), this.app.url);
    this.tabs.push(page);
    return page;
  }

  async expectNoComplaints(): Promise<void> {
    const pages = [this.page, this.stranger, ...this.tabs];
    expect(pages.flatMap((page) => page.complaints.splice(0))).toEqual([]);
    await Promise.all(this.tabs.splice(0).map(({ page }) => page.close()));
  }

  private async newPage(): Promise<DashboardPage> {
    const context = await this.browser.newContext({ reducedMotion: 'reduce', viewport: SCREEN });
    return DashboardPage.open(context, this.app.url);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.app?.app.close();
  }
}

/** A `describe` of tests in a browser: skipped, with the reason in the log, where none is installed. */
export function describeDashboard(name: string, tests: (running: DashboardInBrowser) => void): void {
  (executablePath === undefined ? describe.skip : describe)(name, () => {
    const running = new DashboardInBrowser();
    beforeAll(() => running.start(), 120_000);
    afterEach(() => running.expectNoComplaints());
    afterAll(() => running.stop());
    tests(running);
  });
}
