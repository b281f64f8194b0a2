import { expect, it } from '@jest/globals';
import { describeInBrowser } from './sample-in-browser.js';
import { SamplePage } from './sample-page.js';

describeInBrowser('emails of the sample, read in a browser', (running) => {
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

  it('verify the address, and say so again to its owner', async () => {
    const page = await running.openPage();
    await page.signUp('reader@example.com');
    await page.signedIn();
    expect(await page.callGuardedRoute()).toMatch(/Verified\s+no/);
    await page.click('Send me a link');
    expect(await page.status()).toBe('A link is on its way to you.');

    const opened = await followEmail(page, 'reader@example.com', 'Confirm the address');
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

  it('set a new password', async () => {
    const page = await running.openPage();
    await page.signUp('forgetful@example.com');
    await page.signedIn();
    await page.click('Sign out');
    await page.page.getByRole('link', { name: 'Forgot the password?' }).click();
    await page.submit({ Email: 'forgetful@example.com' }, 'Ask for a link');

    const opened = await followEmail(page, 'forgetful@example.com', 'Choose a new password');
    await opened.submit({ 'New password': 'a new battery 2' }, 'Set password');
    expect(await opened.status()).toBe('Your password is set. Sign in with it.');
    await opened.signIn('forgetful@example.com', 'a new battery 2');
    await opened.signedIn();
    // Anyone who reads the address has shown that it is theirs.
    expect(await opened.callGuardedRoute()).toMatch(/Verified\s+yes/);
  });
});
