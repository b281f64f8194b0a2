import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from '@jest/globals';
import { AuthTestClient } from 'latchkey/testing';
import { ADMINISTRATOR, signUpAdministrator } from './administrator.js';
import { describeInBrowser } from './sample-in-browser.js';
import { PASSWORD, SamplePage } from './sample-page.js';

describeInBrowser('the sample page in a browser', (running) => {
  let users = 0;

  beforeAll(async () => {
    await signUpAdministrator(running.sample, PASSWORD);
  });

  it('asks nothing, and so shows no error, when somebody comes for the first time', async () => {
    const page = await running.openPage();
    await page.heading('Sign in').waitFor();

    expect(page.takeRequests()).toEqual([]);
    expect(await page.page.getByRole('list', { name: 'Requests' }).getByRole('listitem').count()).toBe(0);
  });

  it('shows on its front page what runs and what is overridden, with its source, and is refused nothing', async () => {
    const page = await running.openPage({ url: running.sample.url });
    const overrides = page.page.locator('#overrides > li');
    await overrides.first().waitFor();

    expect(await overrides.getByRole('heading').allInnerTexts()).toEqual([
      'InviteOnly',
      'WithAudit',
      'WithProfile',
      'LimitsInOurWords',
      'AdministratorOnVerification',
      'WithInvitation',
      'WithProviderAudit',
      'WithProviderProfile',
    ]);
    const source = await readFile('sample-app/invites/invite-only.api.ts', 'utf8');
    const shown = await overrides.first().locator('.code').innerText();
    expect(source).toContain(shown.trim());
    expect(shown).toContain('override async signUpPOST');
    const parts = await page.page.locator('#parts a').allInnerTexts();
    expect(parts).toEqual(['API', 'API reference', 'Dashboard', 'Mail inbox', 'Identity provider']);

    await page.click('Sign up as eve@elsewhere.test');
    expect(await page.status()).toContain('Ask an administrator for an invitation.');
    expect(page.takeRequests()).toEqual(['200 GET /api/tour', '200 POST /auth/signup']);
  });

  it('shows what an override says to somebody who is not invited', async () => {
    const page = await running.openPage();
    await page.signUp('eve@elsewhere.test');

    expect(await page.formError()).toBe('Ask an administrator for an invitation.');
    expect(await page.callGuardedRoute()).toBe('The guard answered 401: you are signed out.');
  });

  it('shows errors at their fields and moves the focus to the first', async () => {
    const page = await running.openPage();
    await page.signUp('somebody', 'short');

    expect(await page.fieldError('Email')).toBe('Email is invalid');
    expect(await page.fieldError('Password')).toBe('Password must contain at least 8 characters, including a number');
    expect(await page.field('Email').evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
  });

  it('says in its own words that somebody has tried too many passwords, elsewhere', async () => {
    const { page, email } = await signedUpPage();
    const guesser = new AuthTestClient({ url: running.sample.url });
    for (let time = 0; time < 10; time++) await guesser.signIn(email, 'a wrong password 1');
    const stranger = await running.openPage();
    await stranger.signIn(email);

    expect(await stranger.formError()).toMatch(
      /^That was one wrong password too many\. Wait (a minute|\d minutes), or choose/,
    );
    await page.click('Sign out');
    await page.heading('Sign in').waitFor();
    await page.signIn(email);
    await page.signedIn();
  });

  it('signs up and shows the guarded answer, and again after a reload', async () => {
    const page = await running.openPage();
    const email = newEmail();
    await page.signUp(email);
    await page.signedIn();

    expect(await page.callGuardedRoute()).toContain(email);
    await page.page.reload();
    await page.signedIn();
    expect(await page.callGuardedRoute()).toContain(email);
  });

  it('works by keyboard alone', async () => {
    const page = await running.openPage();
    const email = newEmail();
    const { keyboard } = page.page;
    await page.page.getByRole('link', { name: 'Create an account' }).focus();
    await keyboard.press('Enter');
    await page.heading('Create an account').waitFor();
    await keyboard.press('Tab');
    await keyboard.type(email);
    await keyboard.press('Tab');
    await keyboard.type(PASSWORD);
    await keyboard.press('Enter');
    await page.signedIn();

    const focused = page.page.locator(':focus');
    expect(await focused.innerText()).toBe('You are signed in');
  });

  it.each(['is gone', 'is unreadable'])('refreshes by itself where the access token %s', async (state) => {
    const { page, email } = await signedUpPage();
    const before = await page.cookies();
    await page.context.clearCookies({ name: 'sAccessToken' });
    if (state === 'is unreadable') {
      await page.context.addCookies([
        { name: 'sAccessToken', value: 'garbage', url: running.sample.url, httpOnly: true },
      ]);
    }
    page.takeRequests();

    expect(await page.callGuardedRoute()).toContain(email);
    expect(page.takeRequests()).toEqual(['401 GET /api/me', '200 POST /auth/session/refresh', '200 GET /api/me']);
    const after = await page.cookies();
    expect(after.sAccessToken).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(after.sRefreshToken).not.toBe(before.sRefreshToken);
  });

  it('refreshes when asked to', async () => {
    const { page } = await signedUpPage();
    const before = await page.cookies();

    expect(await page.refresh()).toBe('The session is refreshed: it has new tokens.');
    const after = await page.cookies();
    expect(after.sRefreshToken).not.toBe(before.sRefreshToken);
  });

  it('keeps two tabs signed in that refresh at once', async () => {
    const { page: first, email } = await signedUpPage();
    const second = await running.openPage({ context: first.context });
    await second.signedIn();
    for (let round = 0; round < 3; round++) {
      await first.context.clearCookies({ name: 'sAccessToken' });
      const answers = await Promise.all([first.callGuardedRoute(), second.callGuardedRoute()]);
      expect(answers).toEqual([expect.stringContaining(email), expect.stringContaining(email)]);
    }
    const refreshed = await Promise.all([first.refresh(), second.refresh()]);
    expect(refreshed).toEqual(Array(2).fill('The session is refreshed: it has new tokens.'));
    expect(await second.callGuardedRoute()).toContain(email);
  });

  it('signs out, in every tab', async () => {
    const { page, email } = await signedUpPage();
    const other = await running.openPage({ context: page.context });
    expect(await other.callGuardedRoute()).toContain(email);
    await page.click('Sign out');

    expect(await page.status()).toBe('You are signed out.');
    expect(await page.callGuardedRoute()).toBe('The guard answered 401: you are signed out.');
    expect(await page.refresh()).toBe('There is no session to refresh.');
    expect(await other.callGuardedRoute()).toBe('The guard answered 401: you are signed out.');
    expect(await page.cookies()).not.toHaveProperty('sRefreshToken');
    expect(await page.page.content()).not.toContain(email);
  });

  it('refuses a wrong password, and tells the user of it in the audit log', async () => {
    const { page, email } = await signedUpPage();
    await page.click('Sign out');
    await page.signIn(email, 'wrong password 1');
    expect(await page.formError()).toBe('Email and password do not match.');

    await page.signIn(email);
    await page.signedIn();
    const log = await page.items('Audit log');
    expect(log.map((entry) => entry.split('\n')[0])).toEqual(['signed in', 'sign-in refused', 'signed up']);
  });

  it('confirms the address by the email in the inbox, and says so again to its owner', async () => {
    const { page, email } = await signedUpPage();
    expect(await page.callGuardedRoute()).toMatch(/Verified\s+no/);
    await page.click('Send me a link');
    expect(await page.status()).toBe('A link is on its way to you.');

    const opened = await followEmail(page, email, 'Confirm the address');
    const link = opened.page.url();
    await opened.click('Confirm the address');
    expect(await opened.status()).toBe('Thank you, your address is confirmed.');
    await opened.signedIn();
    expect(await opened.callGuardedRoute()).toMatch(/Verified\s+yes/);
    await opened.page.getByRole('heading', { name: 'Confirm your address' }).waitFor({ state: 'hidden' });

    await opened.goto(link);
    await opened.click('Confirm the address');
    expect(await opened.status()).toBe('Thank you, your address is confirmed.');
  });

  it('sets a new password by the link of the email, once', async () => {
    const { page, email } = await signedUpPage();
    const elsewhere = await running.openPage();
    await elsewhere.page.getByRole('link', { name: 'Forgot the password?' }).click();
    await elsewhere.submit({ Email: email }, 'Ask for a link');
    expect(await elsewhere.status()).toBe('If there is an account for that address, a link is on its way.');

    const link = await running.sample.emailLink(email);
    await elsewhere.goto(link);
    await elsewhere.submit({ 'New password': 'a new battery 2' }, 'Set password');
    expect(await elsewhere.status()).toBe('Your password is set. Sign in with it.');
    await elsewhere.signIn(email);
    expect(await elsewhere.formError()).toBe('Email and password do not match.');
    await elsewhere.signIn(email, 'a new battery 2');
    await elsewhere.signedIn();
    // Anyone who reads the address has shown that it is theirs.
    expect(await elsewhere.callGuardedRoute()).toMatch(/Verified\s+yes/);

    expect(await page.refresh()).toBe('Your session has ended. Sign in again.');
    await page.goto(link);
    await page.submit({ 'New password': 'a third staple 3' }, 'Set password');
    expect(await page.formError()).toBe('This link has been used or is too old. Ask for another one.');
  });

  it('changes the password of somebody who knows the old one', async () => {
    const { page, email } = await signedUpPage();
    await page.submit({ 'Current password': 'a guess 1', 'New password': 'a new battery 2' }, 'Change password');
    expect(await page.fieldError('Current password')).toBe('This is not your current password.');
    await page.submit({ 'Current password': PASSWORD, 'New password': 'short' }, 'Change password');
    expect(await page.fieldError('New password')).toContain('at least 8 characters');
    await page.submit({ 'Current password': PASSWORD, 'New password': 'a new battery 2' }, 'Change password');
    expect(await page.status()).toContain('Your password is changed.');

    await page.click('Sign out');
    await page.signIn(email);
    expect(await page.formError()).toBe('Email and password do not match.');
    await page.signIn(email, 'a new battery 2');
    await page.signedIn();
    expect(await page.callGuardedRoute()).toContain(email);
  });

  it('lets the administrator invite, and nobody else', async () => {
    const { page: member } = await signedUpPage();
    expect(await member.page.getByRole('heading', { name: 'Invitations' }).isVisible()).toBe(false);

    const page = await running.openPage();
    await page.signIn(ADMINISTRATOR);
    await page.signedIn();
    await page.submit({ 'Email, or @ and a domain': 'Guest@Elsewhere.test' }, 'Invite');
    expect(await page.status()).toBe('guest@elsewhere.test is invited.');
    expect(await page.items('Invited')).toEqual(['guest@elsewhere.test', '@example.com']);

    const guest = await running.openPage();
    await guest.signUp('guest@elsewhere.test');
    await guest.signedIn();
    expect(await guest.callGuardedRoute()).toContain('guest@elsewhere.test');
  });

  /** Opens the newest email to the address from the inbox, and presses its button. @returns the page behind it */
  async function followEmail({ context }: SamplePage, address: string, button: string): Promise<SamplePage> {
    await running.sample.emailLink(address);
    const inbox = await context.newPage();
    await inbox.goto(`${running.sample.url}/inbox`);
    await inbox.getByRole('listitem').filter({ hasText: address }).first().getByRole('link').click();
    const link = inbox.frameLocator('iframe').getByRole('link', { name: button });
    const [opened] = await Promise.all([context.waitForEvent('page'), link.click()]);
    const page = running.watch(SamplePage.around(opened, context));
    await page.heading(/./).waitFor();
    return page;
  }

  async function signedUpPage(): Promise<{ page: SamplePage; email: string }> {
    const email = newEmail();
    const page = await running.openPage({ signedUpAs: email });
    await page.signedIn();
    return { page, email };
  }

  function newEmail(): string {
    return `user-${++users}@example.com`;
  }
});
