import type { BrowserContext, Locator, Page } from 'playwright-core';

export const PASSWORD = 'correct horse 1';

/** The sample's page, used as its users do: by what is written on it. */
export class SamplePage {
  /** What went over the wire since the last `takeRequests`: `200 GET /api/me`. */
  private requests: string[] = [];
  /** What the browser complained about, except the 401s that are part of the protocol. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'fetch') return;
      this.requests.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`);
    });
    page.on('pageerror', (error) => {
      // SessionAuth of supertokens-auth-react checks claims after a refresh, and lets this through where the session ended meanwhile.
      const isOfFinishedUI = error.message === 'No session exists' && new URL(page.url()).pathname.startsWith('/login');
      if (!isOfFinishedUI) this.complaints.push(String(error));
    });
    page.on('console', (message) => {
      const isExpected = message.text().includes('the server responded with a status of 401');
      if (['error', 'warning'].includes(message.type()) && !isExpected) this.complaints.push(message.text());
    });
  }

  /** @param context its tabs share their cookies */
  static async create(context: BrowserContext): Promise<SamplePage> {
    return SamplePage.around(await context.newPage(), context);
  }

  /** A page that another one has opened. */
  static around(page: Page, context: BrowserContext): SamplePage {
    page.setDefaultTimeout(30_000);
    return new SamplePage(page, context);
  }

  /**
   * Takes away what the browser and the test have kept: the next who opens it is somebody new.
   * @returns false where the page is of another application than `url`, and what it has stored is out of reach
   */
  async forget(url: string): Promise<boolean> {
    if (new URL(this.page.url()).origin !== new URL(url).origin) return false;
    await this.page.unrouteAll();
    await this.page.evaluate('localStorage.clear(), sessionStorage.clear()');
    await this.context.clearCookies();
    this.requests = [];
    return true;
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
    // Either page, once it shows something.
    await this.page.locator('h1:visible, [data-supertokens~=container]').first().waitFor();
  }

  async signUp(email: string, password = PASSWORD): Promise<void> {
    await this.page.getByRole('link', { name: 'Create an account' }).click();
    await this.submit({ Email: email, Password: password }, 'Create account');
  }

  async signIn(email: string, password = PASSWORD): Promise<void> {
    await this.submit({ Email: email, Password: password }, 'Sign in');
  }

  /** Fills in the fields by their labels, and sends the form by its button. */
  async submit(values: Record<string, string>, button: string): Promise<void> {
    // A field of the form that is about to go has the same label.
    await this.page.getByRole('button', { name: button, exact: true }).waitFor();
    for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
    await this.click(button);
  }

  async click(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  /** Calls the guarded route. @returns what the page shows of its answer */
  async callGuardedRoute(): Promise<string> {
    await this.click('Call it');
    return this.page.locator('#answer:not([aria-busy]):not(:empty)').innerText();
  }

  /** Refreshes by the button. @returns what the page says then */
  async refresh(): Promise<string> {
    await this.click('Refresh session');
    return this.status();
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true }).and(this.page.locator(':visible'));
  }

  /** What stands beside a field as its error, for those who see it and for those who hear it. */
  async fieldError(label: string): Promise<string> {
    const described = this.field(label).and(this.page.locator('[aria-invalid=true]'));
    const id = await described.getAttribute('aria-describedby');
    return this.page.locator(`#${id}`).innerText();
  }

  /** What stands beside a form as a whole. */
  async formError(): Promise<string> {
    return this.page.locator('[role=alert]:not(:empty):visible').innerText();
  }

  /** What the page announces. */
  async status(): Promise<string> {
    return this.page.locator('[role=status]:not(:empty)').innerText();
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  async signedIn(): Promise<void> {
    await this.heading('You are signed in').waitFor();
  }

  async items(list: string): Promise<string[]> {
    const items = this.page.getByRole('list', { name: list }).getByRole('listitem');
    await items.first().waitFor();
    return items.allInnerTexts();
  }

  takeRequests(): string[] {
    return this.requests.splice(0);
  }

  async cookies(): Promise<Record<string, string>> {
    const cookies = await this.context.cookies();
    return Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
  }
}
