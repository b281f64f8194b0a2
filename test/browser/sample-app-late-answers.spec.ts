import { expect, it } from '@jest/globals';
import { describeInBrowser } from './sample-in-browser.js';
import { PASSWORD, type SamplePage } from './sample-page.js';

// An answer that is late by milliseconds on a quiet machine is late by seconds on a bad line. Here it waits until the
// test lets it through, so that what the person does in between is always done in between.
describeInBrowser('the sample page, whose answers come late', (running) => {
  it('shows the form that is opened before it knows whether there is a session', async () => {
    const page = await running.openPage();
    const refresh = await holdQuestionForSession(page);
    await open(page, 'Create an account');
    await refresh.requested;
    await page.field('Email').fill('early@example.com');
    await refresh.letThrough();
    await page.submit({ Password: PASSWORD }, 'Create account');
    await page.signedIn();

    expect(await page.callGuardedRoute()).toContain('early@example.com');
  });

  it('does not leave for the provider when another form has been opened', async () => {
    const page = await running.openPage();
    const address = await hold(page, '**/auth/authorisationurl*');
    await page.click('Continue with Local ID');
    await address.requested;
    await open(page, 'Create an account');
    await page.field('Email').fill('stays@example.com');
    await address.letThrough();

    await page.submit({ Password: PASSWORD }, 'Create account');
    await page.signedIn();
    expect(new URL(page.page.url()).origin).toBe(running.sample.url);
  });

  it('leaves an opened form alone when the sign-in succeeds, and says so', async () => {
    const page = await running.openPage();
    await page.signUp('returning@example.com');
    await page.signedIn();
    await page.click('Sign out');
    await page.heading('Sign in').waitFor();
    const signIn = await hold(page, '**/auth/signin');
    await page.signIn('returning@example.com');
    await signIn.requested;
    await open(page, 'Forgot the password?');
    await page.field('Email').fill('other@example.com');
    await signIn.letThrough();

    expect(await page.status()).toBe('You are signed in.');
    expect(await page.field('Email').inputValue()).toBe('other@example.com');
    await page.page.getByRole('link', { name: 'Back to sign in' }).click();
    await page.signedIn();
  });

  it('keeps what is typed while the question is open whether another tab has signed in', async () => {
    const page = await running.openPage();
    await open(page, 'Forgot the password?');
    const other = await running.openPage({ context: page.context });
    await other.signUp('tabs@example.com');
    await other.signedIn();
    const account = await hold(page, '**/api/me');
    await returnToTab(page);
    await account.requested;
    await page.field('Email').fill('tabs@example.com');
    await account.letThrough();
    await page.submit({}, 'Ask for a link');

    expect(await page.status()).toBe('If there is an account for that address, a link is on its way.');
  });

  it('shows nothing of a user who has signed out meanwhile', async () => {
    const page = await running.openPage();
    await page.signUp('leaving@example.com');
    await page.signedIn();
    const account = await hold(page, '**/api/me');
    await page.click('Call it');
    await account.requested;
    await page.click('Sign out');
    await page.heading('Sign in').waitFor();
    await account.letThrough();
    await page.page.locator('#answer:not([aria-busy])').waitFor({ state: 'attached' });

    expect(await page.page.content()).not.toContain('leaving@example.com');
  });

  it('keeps an opened form when the session turns out to have ended', async () => {
    const page = await running.openPage();
    await page.signUp('ended@example.com');
    await page.signedIn();
    await page.goto(`${running.sample.url}/auth/reset-password?token=anything`);
    await page.field('New password').fill('a new battery 2');
    await page.context.clearCookies({ name: /^s(Access|Refresh)Token$/ });

    expect(await page.refresh()).toBe('Your session has ended. Sign in again.');
    expect(await page.field('New password').inputValue()).toBe('a new battery 2');
  });

  it("uses the provider's code once, though somebody returns to the tab meanwhile", async () => {
    const page = await running.openPage();
    const signInUp = await hold(page, '**/auth/signinup');
    await page.click('Continue with Local ID');
    await page.heading('Local ID').waitFor();
    page.takeRequests();
    await page.page.getByLabel('Email').fill('once@example.com');
    await page.page.getByRole('button', { name: 'Continue to the sample' }).click();
    await signInUp.requested;
    await returnToTab(page);
    await signInUp.letThrough();
    await page.signedIn();

    expect(page.takeRequests().filter((request) => request.includes('signinup'))).toEqual(['200 POST /auth/signinup']);
    expect(await page.page.locator('[role=status]').innerText()).toBe('');
  });

  async function open(page: SamplePage, form: string): Promise<void> {
    await page.page.getByRole('link', { name: form }).click();
    await page.heading(form).waitFor();
  }

  /** As browsers tell a page whose tab is looked at again. */
  async function returnToTab(page: SamplePage): Promise<void> {
    await page.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  }

  /** Makes the page ask the server whether there is a session, as it does in a browser that has not been here before. */
  async function holdQuestionForSession(page: SamplePage): Promise<HeldAnswer> {
    await page.context.clearCookies();
    return hold(page, '**/auth/session/refresh');
  }

  interface HeldAnswer {
    /** Resolves when the page has sent the first request. */
    requested: Promise<void>;
    letThrough(): Promise<void>;
  }

  /** Keeps what the server answers to the page until the test lets it through. */
  async function hold(page: SamplePage, url: string): Promise<HeldAnswer> {
    const held: (() => Promise<void>)[] = [];
    let isOpen = false;
    let arrived!: () => void;
    const requested = new Promise<void>((resolve) => (arrived = resolve));
    await page.page.route(url, async (route) => {
      if (isOpen) return route.continue();
      const response = await route.fetch({ maxRedirects: 0 });
      held.push(() => route.fulfill({ response }));
      arrived();
    });
    return {
      requested,
      async letThrough() {
        isOpen = true;
        const answered = page.page.waitForResponse(url);
        await Promise.all(held.map((answer) => answer()));
        await answered;
      },
    };
  }
});
