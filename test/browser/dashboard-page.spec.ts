import { expect, it } from '@jest/globals';
import { UserRolesFunctions } from 'latchkey';
import { PASSWORD } from '../support/auth-app.js';
import { API_KEY, STAFF_PASSWORD } from '../support/dashboard-app.js';
import { describeDashboard } from './dashboard-in-browser.js';

const VIEWS =
  'users users/new roles roles/lead tenants tenants/public tenants/public/new-provider overrides health audit'.split(
    ' ',
  );

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

  it('offers no changes to those who only read, and says why one is refused', async () => {
    await running.app.staff('reader@example.com');
    const { id } = await running.app.newUser();
    const reader = await running.open();
    await reader.click('Use email and password instead');
    await reader.signIn('reader@example.com', STAFF_PASSWORD);
    await reader.text('reads only').waitFor();
    await reader.goto(`users/${id}`);
    await reader.heading('Devices').waitFor();
    await reader.settle();

    const buttons = await reader.page.locator('main').getByRole('button').allInnerTexts();
    expect(buttons).toEqual([]);
    await reader.goto('users/new');
    await reader.field('Email').fill('late@example.com');
    await reader.field('Password').fill(PASSWORD);
    await reader.click('Create user');
    await reader.text('You are not permitted to perform this operation').waitFor();
  });

  it('lets in who is signed in to the application with the permission, without asking', async () => {
    const roles = running.app.app.get(UserRolesFunctions, { strict: false });
    await roles.createNewRoleOrAddPermissions({ role: 'lead', permissions: ['dashboard:write'] });
    const lead = await running.open();
    const { user } = await lead.signUpToApplication(`${running.app.url}/auth/signup`, 'lead@example.com');
    await roles.addRoleToUser({ userId: user.id, role: 'lead' });
    await lead.page.reload();
    await lead.heading('Users').waitFor();

    await lead.goto('roles');
    await lead.click('Create role');
    await lead.field('Name').fill('by a session');
    await lead.dialog.getByRole('button', { name: 'Create role' }).click();
    await lead.heading('by a session').waitFor();
    await running.app.ask('DELETE userroles/role?role=by%20a%20session');
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
    const search = page.page.waitForRequest(/email=many-1$/);
    await page.page.getByRole('searchbox').fill('many-1');
    await search;
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

  it('changes how a user signs in, and takes it back', async () => {
    const { page, app } = running;
    const { id, email } = await app.newUser('grace@example.com');
    await app.newUser('taken@example.com');
    await page.goto(`users/${id}`);

    await page.click('Mark as verified');
    await page.undo(`${email} is marked as verified.`);
    await page.text('unverified').waitFor();
    await page.click('Send verification email');
    await page.notice(`A verification email to ${email} is on its way.`);
    expect(await app.emails().nextEmailVerification(email)).toMatchObject({ user: { id } });

    await page.click('Change email');
    await page.submit({ Email: 'taken@example.com' }, 'Save');
    await page.dialog.getByText('Another user has this email address.').waitFor();
    await page.submit({ Email: 'hopper@example.com' }, 'Save');
    await page.heading('hopper@example.com').waitFor();
    await page.undo(`${email} is now hopper@example.com.`);
    await page.heading(email).waitFor();

    await page.click('Change password');
    await page.submit({ 'New password': 'short' }, 'Change password');
    await page.dialog
      .getByRole('alert')
      .filter({ hasText: /password/i })
      .waitFor();
    await page.submit({ 'New password': 'a longer password 2' }, 'Change password');
    await page.notice(`The password of ${email} is changed.`);
    expect((await app.client().signIn(email, 'a longer password 2')).status).toBe(200);

    await page.click('Change the name');
    await page.submit({ 'First name': 'Grace', 'Last name': 'Hopper' }, 'Save');
    await page.page.locator('dd', { hasText: 'Grace Hopper' }).waitFor();
  });

  it('ends sessions: one, and all', async () => {
    const { page, app } = running;
    const { id, email } = await app.newUser();
    const clients = [app.client(), app.client()];
    for (const client of clients) await client.signIn(email, PASSWORD);
    await page.goto(`users/${id}`);
    const devices = page.section('Devices').getByRole('listitem');
    await devices.nth(2).waitFor();

    await devices.first().getByRole('button').click();
    await page.notice('The session is ended.');
    await devices.nth(2).waitFor({ state: 'detached' });
    await page.click('End all');
    await page.submit({}, 'End 2 sessions');
    await page.text('Signed in nowhere.').waitFor();
    expect(await Promise.all(clients.map(async (client) => (await client.refresh()).status))).toEqual([401, 401]);
  });

  it('gives roles and takes them, and edits metadata', async () => {
    const { page, app } = running;
    const roles = app.app.get(UserRolesFunctions, { strict: false });
    await roles.createNewRoleOrAddPermissions({ role: 'helper', permissions: [] });
    const { id } = await app.newUser();
    await page.goto(`users/${id}`);
    await page.field('Another role').selectOption('helper');
    await page.click('Give role');
    await page.notice('The role helper is given.');
    await page.click('Take away the role helper');
    await page.undo('The role helper is taken.');
    await page.button('Take away the role helper').waitFor();
    expect(await roles.getRolesForUser({ userId: id, tenantId: 'public' })).toMatchObject({ roles: ['helper'] });

    const editor = page.field('JSON object');
    await editor.fill('[1]');
    await page.text('It must be an object: { … }').waitFor();
    expect(await page.button('Save metadata').isDisabled()).toBe(true);
    await editor.fill('{"plan":"pro"}');
    await page.click('Save metadata');
    await page.notice('The metadata is saved.');
    await page.goto(`users/${id}`);
    await page.settle();
    expect(JSON.parse(await editor.inputValue())).toEqual({ plan: 'pro' });
  });

  it('creates a user, and deletes one whose address was typed', async () => {
    const { page, app } = running;
    await page.goto('users/new');
    await page.field('Email').fill('taken@example.com');
    await page.field('Password').fill(PASSWORD);
    await page.click('Create user');
    await page.text('Another user has this email address.').waitFor();
    await page.field('Email').fill('new@example.com');
    await page.click('Create user');
    await page.heading('new@example.com').waitFor();
    expect((await app.client().signIn('new@example.com', PASSWORD)).status).toBe(200);

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

  it('makes roles and what they permit', async () => {
    const { page } = running;
    await page.goto('roles');
    await page.click('Create role');
    await page.submit({ Name: 'auditor', Permissions: 'invoices:read, invoices:write' }, 'Create role');
    await page.heading('auditor').waitFor();
    await page.click('Remove invoices:write');
    await page.undo('auditor has lost the permission invoices:write.');
    await page.button('Remove invoices:write').waitFor();
    await page.field('New permission').fill('reports:read');
    await page.click('Add');
    await page.button('Remove reports:read').waitFor();
    await page.click('Delete role');
    await page.submit({ 'Type auditor to confirm': 'auditor' }, 'Delete role');
    await page.notice('The role auditor is deleted.');
  });

  it('makes tenants, with factors and providers', async () => {
    const { page } = running;
    await page.goto('tenants');
    await page.page.reload();
    await page.click('Create tenant');
    await page.submit({ 'Tenant id': 'acme' }, 'Create tenant');
    await page.heading('acme').waitFor();
    const factor = (checked: boolean) =>
      page.section('First factors').getByRole('checkbox', { name: 'Email and password', checked });
    await factor(false).click();
    await factor(true).waitFor();
    await page.undo('Email and password is on.');
    await factor(false).waitFor();

    await page.link('Add provider').click();
    await page.field('Provider id').fill('google');
    await page.field('Client id').fill('an-id');
    await page.click('Save provider');
    await page.notice('google is saved.');
    await page.click('Remove google');
    await page.submit({}, 'Remove provider');
    await page.undo('google is removed.');
    await page.button('Remove google').waitFor();

    await page.click('Delete tenant');
    await page.submit({ 'Type acme to confirm': 'acme' }, 'Delete tenant');
    await page.notice('The tenant acme is deleted.');
  });

  it('tells what is overridden, how the application is, and what was done', async () => {
    const { page, app } = running;
    await page.goto('overrides');
    await page.text('InviteOnly → EmailPasswordApi').waitFor();
    await page.text('Audited → EmailPasswordFunctions').waitFor();
    await page.goto('health');
    await page.text('answers').waitFor();
    const { id } = await app.newUser();
    await app.ask('PUT user/email/verify', { recipeUserId: id, verified: true });
    await page.goto(`audit?userId=${id}`);
    await page.page.locator('tbody tr').first().waitFor();
    expect(await page.page.locator('tbody tr').allInnerTexts()).toEqual([expect.stringContaining('API key')]);
  });

  it('can be used by all, on a phone as well', async () => {
    const page = await running.open({ width: 360, height: 740 });
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
