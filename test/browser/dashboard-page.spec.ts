import { expect, it } from '@jest/globals';
import { UserRolesFunctions } from 'latchkey';
import { formFields } from 'latchkey/testing';
import type { BrowserContext } from 'playwright-core';
import { PASSWORD } from '../support/auth-app.js';
import { API_KEY, STAFF_PASSWORD } from '../support/dashboard-app.js';
import { describeDashboard } from './dashboard-in-browser.js';

const VIEWS = [
  'users',
  'users/new',
  'roles',
  'roles/lead',
  'tenants',
  'tenants/public',
  'tenants/public/new-provider',
  'overrides',
  'health',
  'audit',
];

describeDashboard('The dashboard’s page', (running) => {
  it('shows a stranger the sign-in, and what is wrong with a key or a password', async () => {
    const stranger = await running.open();
    await stranger.field('API key').fill('a-key-that-nobody-has-given-out');
    await stranger.click('Sign in');
    await stranger.text('This key is not accepted.').waitFor();
    await stranger.click('Use email and password instead');
    await stranger.signIn('admin@example.com', 'not the password');
    await stranger.text('This email address and password are not those of a dashboard user.').waitFor();

    expect(await stranger.page.locator('body').innerText()).not.toMatch(/Users|Roles|Test/);
    await stranger.expectUsableByAll();
  });

  it('signs in users of the dashboard, in every tab, until they sign out', async () => {
    await running.app.staff('admin@example.com');
    const first = await running.open();
    await first.click('Use email and password instead');
    await first.signIn('admin@example.com', STAFF_PASSWORD);
    await first.heading('Users').waitFor();
    await first.link('Create user').waitFor();

    const second = await running.openTabOf(first);
    await second.text('admin@example.com').waitFor();
    await second.click('Sign out');
    await second.heading('Sign in').waitFor();
    await first.page.getByRole('searchbox').fill('a');
    await first.text('You are signed out: sign in again to go on.').waitFor();
  });

  it('lets in who is signed in to the application with the permission, without asking', async () => {
    const roles = running.app.app.get(UserRolesFunctions, { strict: false });
    await roles.createNewRoleOrAddPermissions({ role: 'lead', permissions: ['dashboard:write'] });
    const lead = await running.open();
    const { user } = await signUp(lead.page.context(), `${running.app.url}/auth/signup`, 'lead@example.com');
    await roles.addRoleToUser({ userId: user.id, role: 'lead' });
    await lead.page.reload();
    await lead.heading('Users').waitFor();
  });

  it('finds users while somebody types, whatever answers come late', async () => {
    const { page } = running;
    await Promise.all(Array.from({ length: 28 }, (_, n) => running.app.newUser(`many-${n}@example.org`)));
    await page.goto('users');
    await page.page.reload();
    await page.link('Next page').click();
    await page.link('First page').waitFor();
    await page.page.goBack();
    await page.link('First page').waitFor({ state: 'detached' });

    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.page.route(/email=many-1$/, async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    const asked = page.page.waitForRequest(/email=many-1$/);
    await page.page.getByRole('searchbox').fill('many-1');
    await asked;
    await page.page.getByRole('searchbox').fill('many-27');
    expect(await page.usersOnce('1 found')).toEqual(['many-27@example.org']);
    release();
    await page.page.unrouteAll({ behavior: 'wait' });
    expect(await page.usersOnce('1 found')).toEqual(['many-27@example.org']);

    await page.page.getByRole('searchbox').fill('nobody');
    await page.text('No user has an email address that begins with “nobody”.').waitFor();
    await page.field('Search by').selectOption('Provider');
    await page.text('No user has a provider that begins with “nobody”.').waitFor();
  });

  it('deletes a user whose address was typed', async () => {
    const { page } = running;
    const { id } = await running.app.newUser('new@example.com');
    await page.goto(`users/${id}`);
    await page.click('Delete user');
    const confirm = page.dialog.getByRole('button', { name: 'Delete user' });
    expect(await confirm.isDisabled()).toBe(true);
    await page.page.keyboard.press('Escape');
    await page.dialog.waitFor({ state: 'detached' });
    await page.click('Delete user');
    await page.submit({ 'Type new@example.com to confirm': 'new@example.com' }, 'Delete user');
    await page.notice('new@example.com is deleted.');
    await page.heading('Users').waitFor();
  });

  it('can be used by all, on a phone as well', async () => {
    const page = await running.open({ viewport: { width: 360, height: 740 } });
    await page.useKey(API_KEY);
    const { id } = await running.app.newUser();
    for (const view of [`users/${id}`, ...VIEWS]) {
      await page.goto(view);
      await page.expectUsableByAll();
    }
    await page.goto(`users/${id}`);
    await page.click('Delete user');
    await page.expectUsableByAll();
  });

  it('is gone through by the keyboard', async () => {
    const page = await running.open();
    await page.heading('Sign in').waitFor();
    await page.page.keyboard.press('Tab');
    await page.page.keyboard.type(API_KEY);
    await page.page.keyboard.press('Enter');
    await page.heading('Users').waitFor();
    await page.link('Roles').focus();
    await page.page.keyboard.press('Enter');
    await page.heading('Roles').waitFor();

    expect(await page.page.evaluate('document.activeElement.textContent')).toBe('Roles');
    expect(await page.page.title()).toBe('Roles · Dashboard');
  });
});

/** The browser keeps the cookies. */
async function signUp(context: BrowserContext, url: string, email: string): Promise<{ user: { id: string } }> {
  const response = await context.request.post(url, {
    data: formFields({ email, password: PASSWORD }),
    headers: { 'st-auth-mode': 'cookie' },
  });
  return (await response.json()) as { user: { id: string } };
}
