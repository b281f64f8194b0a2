import { expect, it } from '@jest/globals';
import { seriousViolations, tooWideOnPhone } from './accessibility.js';
import { describeInBrowser } from './sample-in-browser.js';
import { PASSWORD, type SamplePage } from './sample-page.js';

// The finished UI of supertokens-auth-react, as it comes.
describeInBrowser('the sample in React', (running) => {
  it('signs up, confirms the address by the link of the email, and signs out', async () => {
    const page = await openLogin('/login?show=signup');
    await fill(page, { email: 'react@example.com', password: PASSWORD }, 'SIGN UP');
    await page.signedIn();
    expect(page.takeRequests().filter((request) => request.startsWith('4'))).toEqual([]);
    await page.click('Send me a link');
    expect(await page.status()).toBe('A link is on its way to you.');

    await page.page.goto(await running.sample.emailLink('react@example.com'));
    await page.page.getByText('Email Verification successful').waitFor();
    expect(new URL(page.page.url()).pathname).toBe('/login/verify-email');
    await page.page.getByText('CONTINUE').click();
    await page.signedIn();
    expect(await page.page.locator('dl').innerText()).toMatch(/Verified\s+yes/);

    await page.click('Sign out');
    await page.page.getByRole('button', { name: 'SIGN IN' }).waitFor();
    await page.page.goto(`${running.sample.url}/login/account`);
    await page.page.getByRole('button', { name: 'SIGN IN' }).waitFor();
    expect(new URL(page.page.url()).pathname).toBe('/login/');
  });

  it('shows what an override says, and the errors of fields', async () => {
    const page = await openLogin('/login?show=signup');
    await fill(page, { email: 'eve@elsewhere.test', password: PASSWORD }, 'SIGN UP');
    await page.page.getByText('Ask an administrator for an invitation.').waitFor();
    await fill(page, { email: 'short@example.com', password: 'short' }, 'SIGN UP');
    await page.page.getByText('Password must contain at least 8 characters, including a number').waitFor();
  });

  it('sets a forgotten password by the link of the email, and signs in with it', async () => {
    const page = await running.openPage({ signedUpAs: 'forgetful-in-react@example.com' });
    await page.signedIn();
    await page.click('Sign out');
    await page.page.goto(`${running.sample.url}/login/reset-password`);
    await fill(page, { email: 'forgetful-in-react@example.com' }, 'Email me');
    await page.page.getByText('A password reset email has been sent to').waitFor();

    await page.page.goto(await running.sample.emailLink('forgetful-in-react@example.com'));
    const password = 'a new battery 2';
    await fill(page, { password, 'confirm-password': password }, 'CHANGE PASSWORD');
    await page.page.getByText('Success!').waitFor();
    await page.page.getByText('SIGN IN').click();
    await fill(page, { email: 'forgetful-in-react@example.com', password }, 'SIGN IN');
    await page.signedIn();
  });

  it('signs in by the identity provider', async () => {
    const page = await openLogin('/login');
    await page.page.getByText('Continue with Local ID').click();
    await page.heading('Local ID').waitFor();
    await page.submit({ Email: 'ada-in-react@example.com' }, 'Continue to the sample');
    await page.signedIn();
    expect(await page.page.locator('dl').innerText()).toContain('ada-in-react@example.com');
  });

  it('has nothing that axe-core calls serious, light and dark, and fits on a phone, on each page', async () => {
    const page = await running.openPage({ signedUpAs: 'axe@example.com' });
    await page.signedIn();
    const violations: Record<string, string[]> = { account: await problemsOf(page) };
    await page.page.goto(`${running.sample.url}/login/account`);
    await page.page.getByText('Verified').waitFor();
    violations['account in React'] = await problemsOf(page);
    await page.click('Sign out');
    await page.page.getByRole('button', { name: 'SIGN IN' }).waitFor();
    violations['sign-in in React'] = await problemsOf(page);
    for (const path of ['/', '/plain#sign-up', '/inbox']) {
      await page.goto(running.sample.url + path);
      violations[path] = await problemsOf(page);
    }

    expect(Object.entries(violations).filter(([, found]) => found.length > 0)).toEqual([]);
  });

  it('tells password managers what its fields are, and people the rules before they break them', async () => {
    const page = await running.openPage({ url: `${running.sample.url}/plain#sign-up` });
    const fields = await page.page
      .locator('#sign-up-form input')
      .evaluateAll((inputs: { autocomplete: string }[]) => inputs.map(({ autocomplete }) => autocomplete));
    expect(fields).toEqual(['username', 'new-password']);
    const described = await page.field('Password').getAttribute('aria-describedby');
    expect(await page.page.locator(`#${described}`).innerText()).toBe('At least 8 characters, including a number.');
  });

  async function problemsOf({ page }: SamplePage): Promise<string[]> {
    return [...(await seriousViolations(page)), ...(await tooWideOnPhone(page))];
  }

  function openLogin(path: string): Promise<SamplePage> {
    return running.openPage({ url: running.sample.url + path });
  }

  async function fill({ page }: SamplePage, values: Record<string, string>, button: string): Promise<void> {
    for (const [name, value] of Object.entries(values)) await page.locator(`input[name="${name}"]`).fill(value);
    await page.getByRole('button', { name: button }).click();
  }
});
