import { expect, it } from '@jest/globals';
import { startSampleElsewhere } from './sample-elsewhere.js';
import { describeBrowsed } from './sample-in-browser.js';
import { PASSWORD, type SamplePage } from './sample-page.js';

const LIFETIME_SECONDS = 3600;
const REFRESH = '200 POST /auth/session/refresh';

// Chromium asks the API for each origin and header (CORS), as its web security is on.
describeBrowsed('the pages of the sample on another origin than the API', startSampleElsewhere, (running) => {
  let users = 0;

  it.each([
    ['plain', 'cookie'],
    ['plain', 'header'],
    ['login', 'cookie'],
    ['login', 'header'],
  ] as const)('/%s in %s mode: expiry amid requests, two tabs, and a sign-out', async (path, mode) => {
    const page = await signedUpPage(path, mode);
    expect(Object.keys(await page.cookies()).filter((name) => /refresh-?token$/i.test(name))).toEqual([
      mode === 'cookie' ? 'sRefreshToken' : 'st-refresh-token',
    ]);

    const statuses = await expireAmid(page, 5);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    const requests = page.takeRequests();
    expect(requests.filter((request) => request === REFRESH)).toHaveLength(1);
    expect(requests.filter((request) => request === '401 GET /api/me')).toHaveLength(5);

    const other = await running.openPage({ context: page.context, url: addressOf(path, mode) });
    await other.signedIn();
    takeAll(page, other);
    running.sample.clock.moveSeconds(LIFETIME_SECONDS + 1);
    const bothAsked = running.sample.requests.wait('/api/me', 2);
    const answers = Promise.all([askAgain(page, 1, 'one'), askAgain(other, 1, 'other')]);
    await bothAsked;
    running.sample.requests.letGo();
    expect(await answers).toEqual([[200], [200]]);
    // Tabs agree on one by marks in localStorage and pauses, and on a busy machine may both go: the API gives both the same tokens.
    expect([1, 2]).toContain(takeAll(page, other).filter((request) => request === REFRESH).length);
    expect(await Promise.all([askAgain(page, 1, 'one'), askAgain(other, 1, 'other')])).toEqual([[200], [200]]);
    expect(takeAll(page, other).filter((request) => request === REFRESH)).toEqual([]);

    await page.click('Sign out');
    await isSignedOut(page, path);
    await returnToTab(other, mode);
    await isSignedOut(other, path);
    expect(await other.page.content()).not.toContain(`user-${users}@example.com`);
    expect(Object.keys(await page.cookies()).filter((name) => /(access|refresh)-?token$/i.test(name))).toEqual([]);
  });

  it.each(['plain', 'login'])('/%s on a slow line: says that it waits, and sends a form once', async (path) => {
    const { requests } = running.sample;
    const page = await running.openPage({ url: addressOf(path, 'cookie') });
    await askToSignUp(page, path, { email: 'short@example.com', password: 'short' });
    await page.page.getByText('Password must contain at least 8 characters, including a number').first().waitFor();
    page.takeRequests();

    const signUp = requests.wait('/auth/signup');
    await askToSignUp(page, path, { email: `slow-${path}@example.com`, password: PASSWORD });
    await signUp;
    await page.page.keyboard.press('Enter');
    requests.letGo();
    await page.signedIn();
    expect(page.takeRequests().filter((request) => request.includes('signup'))).toEqual(['200 POST /auth/signup']);

    const me = requests.wait('/api/me');
    await page.page.reload();
    await me;
    await page.page.getByText('One moment…').waitFor();
    requests.letGo();
    await page.page.getByText(`slow-${path}@example.com`).first().waitFor();
    expect(await page.page.getByText('One moment…').isVisible()).toBe(false);
  });

  it.each([
    ['plain', 'This is turned off here.'],
    ['login', 'Something went wrong. Please try again.'],
  ])('/%s says that a route of the API is turned off', async (path, message) => {
    const page = await running.openPage({ url: addressOf(path, 'cookie') });
    running.sample.requests.turnOff('/auth/signup');
    try {
      await askToSignUp(page, path, { email: 'nobody@example.com', password: PASSWORD });
      await page.page.getByText(message).waitFor();
    } finally {
      running.sample.requests.turnOff(undefined);
    }
    expect(page.complaints.splice(0)).toEqual([expect.stringContaining('404 (Not Found)')]);
    expect(page.takeRequests()).toContain('404 POST /auth/signup');
  });

  it.each([
    ['plain', 'login/account'],
    ['login/account', 'plain'],
  ])('going back after a sign-out shows no account: from /%s to /%s', async (first, second) => {
    const page = await signedUpPage(first.split('/')[0]!, 'cookie');
    await page.goto(`${running.sample.url}/${second}`);
    await page.signedIn();
    await page.click('Sign out');
    await isSignedOut(page, second.split('/')[0]!);
    await page.page.goBack({ waitUntil: 'commit' });
    await isSignedOut(page, first.split('/')[0]!);
    expect(await page.page.content()).not.toContain(`user-${users}@example.com`);
  });

  function addressOf(path: string, mode: string): string {
    const { url, otherSiteURL } = running.sample;
    return `${mode === 'cookie' ? url : otherSiteURL}/${path}`;
  }

  async function signedUpPage(path: string, mode: string): Promise<SamplePage> {
    const email = `user-${++users}@example.com`;
    const page = await running.openPage({ url: addressOf(path, mode) });
    await askToSignUp(page, path, { email, password: PASSWORD });
    await page.signedIn();
    await page.page.getByText(email).first().waitFor();
    page.takeRequests();
    return page;
  }

  async function askToSignUp(page: SamplePage, path: string, { email, password }: { email: string; password: string }) {
    if (path === 'plain') {
      if (!page.page.url().endsWith('#sign-up'))
        await page.page.getByRole('link', { name: 'Create an account' }).click();
      return page.submit({ Email: email, Password: password }, 'Create account');
    }
    const signUp = page.page.getByRole('button', { name: 'SIGN UP', exact: true });
    if (!(await signUp.isVisible())) await page.page.getByText('Sign Up', { exact: true }).click();
    await page.page.locator('input[name=email]').fill(email);
    await page.page.locator('input[name=password]').fill(password);
    await signUp.click();
  }

  /** The access token expires while that many requests are on their way. */
  async function expireAmid(page: SamplePage, count: number): Promise<number[]> {
    const { requests, clock } = running.sample;
    const requested = requests.wait('/api/me', count);
    const statuses = askAgain(page, count);
    await requested;
    clock.moveSeconds(LIFETIME_SECONDS + 1);
    requests.letGo();
    return statuses;
  }

  /** As scripts of the page ask: by a plain `fetch`. Of requests for one address, Chromium sends one at a time. */
  async function askAgain({ page }: SamplePage, count: number, tab = ''): Promise<number[]> {
    const one = `fetch('${running.sample.apiURL}/api/me?${tab}' + index).then(({ status }) => status)`;
    return page.evaluate<number[]>(`Promise.all(Array.from({ length: ${count} }, (_, index) => ${one}))`);
  }

  function takeAll(...pages: SamplePage[]): string[] {
    return pages.flatMap((page) => page.takeRequests());
  }

  async function isSignedOut({ page }: SamplePage, path: string): Promise<void> {
    await page.getByRole('button', { name: path === 'plain' ? /^(Sign in|Create account)$/ : /^SIGN IN$/ }).waitFor();
  }

  /** As browsers tell a page whose tab is looked at again, and one that was kept while somebody was elsewhere. */
  async function returnToTab({ page }: SamplePage, mode: string): Promise<void> {
    const [target, event] =
      mode === 'cookie'
        ? ['document', "new Event('visibilitychange')"]
        : ['window', "new PageTransitionEvent('pageshow', { persisted: true })"];
    await page.evaluate(`${target}.dispatchEvent(${event})`);
  }
});
