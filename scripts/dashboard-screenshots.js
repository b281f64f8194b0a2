// Makes the pictures of docs/guides/dashboard.md again: `node scripts/dashboard-screenshots.js`. Needs Chromium.
import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { chromium } from 'playwright-core';
import { buildDashboard } from './build-dashboard.js';

// From the sources, as the tests load them.
register('../test/runner/hooks.js', import.meta.url);
const {
  AuthModule,
  DashboardRecipe,
  EmailPasswordApi,
  EmailPasswordFunctions,
  EmailPasswordRecipe,
  EmailVerificationFunctions,
  EmailVerificationRecipe,
  SessionFunctions,
  SessionRecipe,
  UserMetadataFunctions,
  UserMetadataRecipe,
  UserRolesFunctions,
  UserRolesRecipe,
} = await import('latchkey');

const folder = fileURLToPath(new URL('../docs/guides/images/', import.meta.url));
const API_KEY = 'the-key-of-those-who-take-pictures';
const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Edsger Dijkstra', 'Barbara Liskov', 'Donald Knuth', 'Radia Perlman'];
const USER_AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
];

class InviteOnly extends EmailPasswordApi {
  signUpPOST(input) {
    return super.signUpPOST(input);
  }
}

class Audited extends EmailPasswordFunctions {
  signIn(input) {
    return super.signIn(input);
  }
}

async function startApplication() {
  const url = 'http://127.0.0.1:3000';
  const app = await NestFactory.create(
    AuthModule.forRoot({
      appInfo: { appName: 'Acme', apiDomain: url, websiteDomain: url },
      core: { sqlite: ':memory:' },
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init({ override: { apis: InviteOnly, functions: Audited } }),
        EmailVerificationRecipe.init({ mode: 'OPTIONAL' }),
        UserRolesRecipe.init(),
        UserMetadataRecipe.init(),
        DashboardRecipe.init({ apiKey: API_KEY }),
      ],
    }),
    { logger: ['error'] },
  );
  await app.listen(0, '127.0.0.1');
  return app;
}

/** @returns the id of the user whose page is shown */
async function fill(app) {
  const get = (token) => app.get(token, { strict: false });
  await get(UserRolesFunctions).createNewRoleOrAddPermissions({ role: 'admin', permissions: ['dashboard:write'] });
  await get(UserRolesFunctions).createNewRoleOrAddPermissions({ role: 'support', permissions: ['dashboard:read'] });
  const ids = [];
  for (const [index, name] of NAMES.entries()) {
    const [firstName, lastName] = name.split(' ');
    const email = `${firstName.toLowerCase()}@example.com`;
    const { user, recipeUserId } = await get(EmailPasswordFunctions).signUp({ email, password: 'correct horse 1' });
    await get(UserMetadataFunctions).updateUserMetadata({
      userId: user.id,
      metadataUpdate: { first_name: firstName, last_name: lastName, plan: 'pro' },
    });
    if (index % 3 !== 1) await verify(get(EmailVerificationFunctions), recipeUserId ?? user.id, email);
    ids.push(user.id);
  }
  const userId = ids[0];
  await get(UserRolesFunctions).addRoleToUser({ userId, role: 'support' });
  for (const [index, userAgent] of USER_AGENTS.entries()) {
    const sessionDataInDatabase = {
      userAgent,
      ipAddress: `203.0.113.${7 + index}`,
      lastUsedAtMs: Date.now() - 540_000,
    };
    await get(SessionFunctions).createNewSession({ userId, recipeUserId: userId, sessionDataInDatabase });
  }
  return userId;
}

async function verify(functions, recipeUserId, email) {
  const { token } = await functions.createEmailVerificationToken({ recipeUserId, email });
  await functions.verifyEmailUsingToken({ token });
}

const picturesOf = (userId) => [
  ['users', 'Users', 'users', 480, ['light', 'dark']],
  ['user', 'ada@example.com', `users/${userId}`, 960, ['light', 'dark']],
  ['overrides', 'What is overridden', 'overrides', 480, ['dark']],
  ['audit', 'Audit', 'audit', 280, ['light']],
];

async function takePictures(url, userId) {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${url}/auth/dashboard`);
    await page.getByLabel('API key').fill(API_KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    if (colorScheme === 'light') await changeSomething(page, url, userId);
    for (const [name, title, view, height, schemes] of picturesOf(userId)) {
      if (!schemes.includes(colorScheme)) continue;
      await page.setViewportSize({ width: 1100, height });
      await page.goto(`${url}/auth/dashboard#/${view}`);
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
      await page.locator('.skeleton, main [aria-busy=true]').first().waitFor({ state: 'detached' });
      await page.screenshot({ path: join(folder, `dashboard-${name}-${colorScheme}.png`) });
    }
    await context.close();
  }
  await browser.close();
}

/** What the audit shows then. */
async function changeSomething(page, url, userId) {
  await page.goto(`${url}/auth/dashboard#/users/${userId}`);
  await page.getByRole('button', { name: 'Give role' }).click();
  await page.getByText('The role admin is given.').waitFor();
  await page.getByRole('button', { name: 'Take away the role admin' }).click();
  await page.getByText('The role admin is taken.').waitFor();
  await page.reload();
}

await buildDashboard(fileURLToPath(new URL('../dist/dashboard', import.meta.url)));
const app = await startApplication();
try {
  await takePictures(await app.getUrl(), await fill(app));
} finally {
  await app.close();
}
