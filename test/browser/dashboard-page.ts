import { expect } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { PASSWORD } from '../support/auth-app.js';
import { loadAxe } from './accessibility.js';

/** The dashboard's page in a browser, used by what is written on it. */
export class DashboardPage {
  /** What the browser complained about, except answers that are part of the wire. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    readonly url: string,
  ) {
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      const isExpected = message.text().includes('the server responded with a status of');
      if (['error', 'warning'].includes(message.type()) && !isExpected) this.complaints.push(message.text());
    });
  }

  /** @param context its tabs share their sessions */
  static async open(context: BrowserContext, url: string): Promise<DashboardPage> {
    const dashboard = new DashboardPage(await context.newPage(), `${url}/auth/dashboard`);
    await dashboard.page.goto(dashboard.url);
    return dashboard;
  }

  /** Takes away what the browser has kept, and opens the page: the next who uses it is somebody new. */
  async forget(): Promise<void> {
    await this.page.evaluate('localStorage.clear(), sessionStorage.clear()');
    await this.page.context().clearCookies();
    await this.page.goto(this.url);
  }

  /** Goes to a view, such as `roles/admin`, or loads it again. */
  async goto(view: string): Promise<void> {
    const address = `${this.url}#/${view}`;
    if (this.page.url() === address) await this.page.reload();
    else await this.page.goto(address);
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.field('Email').fill(email);
    await this.field('Password').fill(password);
    await this.click('Sign in');
  }

  async useKey(key: string): Promise<void> {
    await this.field('API key').fill(key);
    await this.click('Sign in');
    await this.heading('Users').waitFor();
  }

  /** As a user of the application: the browser keeps the cookies. */
  async signUpToApplication(url: string, email: string): Promise<{ user: { id: string } }> {
    const response = await this.page.context().request.post(url, {
      data: formFields({ email, password: PASSWORD }),
      headers: { 'st-auth-mode': 'cookie' },
    });
    return (await response.json()) as { user: { id: string } };
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { name, exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async click(name: string | RegExp): Promise<void> {
    await this.button(name).click();
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole('link', { name, exact: true });
  }

  text(text: string): Locator {
    return this.page.getByText(text, { exact: true });
  }

  /** Waits for a notice. @returns it, with its buttons */
  async notice(text: string): Promise<Locator> {
    const notice = this.page.locator('.notice', { hasText: text });
    await notice.waitFor();
    return notice;
  }

  /** Takes back what the notice tells of. */
  async undo(text: string): Promise<void> {
    const notice = await this.notice(text);
    await notice.getByRole('button', { name: 'Undo' }).click();
  }

  /** A part of a view, by its title. */
  section(title: string): Locator {
    return this.page.locator('section', { has: this.page.getByRole('heading', { name: title, exact: true }) });
  }

  /** The open dialog. */
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Fills in the open dialog, and sends it. */
  async submit(values: Record<string, string>, button: string): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await this.dialog.getByLabel(label, { exact: true }).fill(value);
    }
    await this.dialog.getByRole('button', { name: button, exact: true }).click();
  }

  /** @returns the addresses in the list of users, once it says `summary` */
  async usersOnce(summary: string): Promise<string[]> {
    await this.page.locator('.summary', { hasText: summary }).waitFor();
    await this.page.locator('main [aria-busy=false]').first().waitFor();
    return this.page.locator('.rows .row-link').allInnerTexts();
  }

  /** Waits until nothing is loaded any more. */
  async settle(): Promise<void> {
    await this.page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    await this.page.locator('h1').waitFor();
    await this.page.locator('.skeleton, main [aria-busy=true]').first().waitFor({ state: 'detached' });
  }

  /** Expects axe to find nothing, neither in light nor in dark, and the page to be no wider than the screen. */
  async expectUsableByAll(): Promise<void> {
    await this.settle();
    await loadAxe(this.page);
    const tooWide = await this.page.evaluate<number>('Math.max(document.documentElement.scrollWidth - innerWidth, 0)');
    const light = await this.findings({});
    await this.page.emulateMedia({ colorScheme: 'dark' });
    const dark = await this.findings({ runOnly: ['color-contrast'] });
    await this.page.emulateMedia({ colorScheme: 'light' });

    const view = this.page.url().split('#')[1];
    expect({ view, tooWide, light, dark }).toEqual({ view, tooWide: 0, light: [], dark: [] });
  }

  /** Without what axe would fetch first: only rules about media and orientation need it. */
  private async findings(options: object): Promise<string[]> {
    const run = `axe.run(${JSON.stringify({ resultTypes: ['violations'], preload: false, ...options })})`;
    return this.page.evaluate(
      `${run}.then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
    );
  }
}
