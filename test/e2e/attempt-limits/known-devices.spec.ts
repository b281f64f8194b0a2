import { afterEach, describe, expect, it } from '@jest/globals';
import { AttemptLimits, EmailPasswordFunctions, type AttemptLimitsOption } from 'latchkey';
import type { AuthTestClient } from 'latchkey/testing';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { frameworks, onExpress, type Framework } from '../../support/frameworks.js';

const TWICE = [{ attempts: 2, seconds: 3600 }];
const STRICT = { actions: { signIn: { account: TWICE, address: [{ attempts: 30, seconds: 3600 }] } } };
const COOKIE = 'sKnownDevice';

let app: EmailPasswordApp;
afterEach(() => app.close());

async function start(framework: Framework, attemptLimits: AttemptLimitsOption = STRICT): Promise<void> {
  app = await startEmailPasswordApp(framework, { auth: { attemptLimits } });
}

const browser = () => app.client({ transferMethod: 'cookie' });

async function statusOf(client: AuthTestClient, email: string, password = PASSWORD): Promise<string> {
  return ((await (await client.signIn(email, password)).json()) as { status: string }).status;
}

/** A browser in which somebody has signed up and out again. */
async function usedBrowser(email: string): Promise<{ client: AuthTestClient; recipeUserId: string }> {
  const client = browser();
  const { user } = (await (await client.signUp(email, PASSWORD)).json()) as { user: { id: string } };
  await client.signOut();
  return { client, recipeUserId: user.id };
}

async function lockOut(email: string): Promise<void> {
  for (let time = 0; time < 3; time++) await statusOf(app.client(), email, 'a wrong password 1');
  expect(await statusOf(browser(), email)).toBe('GENERAL_ERROR');
}

describe.each(frameworks)('A known device, on %s', (framework) => {
  it('is not locked out with the account, and has no more attempts than others', async () => {
    await start(framework);
    const email = newEmail();
    const { client } = await usedBrowser(email);
    await lockOut(email);
    expect(await statusOf(client, email, 'a wrong password 1')).toBe('WRONG_CREDENTIALS_ERROR');
    expect(await statusOf(client, email)).toBe('OK');
    // Elsewhere nothing was forgiven.
    expect(await statusOf(browser(), email)).toBe('GENERAL_ERROR');
    for (let time = 0; time < 2; time++) {
      expect(await statusOf(client, email, 'a wrong password 1')).toBe('WRONG_CREDENTIALS_ERROR');
    }
    expect(await statusOf(client, email)).toBe('GENERAL_ERROR');
  });

  it('has a cookie for the auth routes alone, which scripts cannot read', async () => {
    await start(framework);
    const response = await browser().signUp(newEmail(), PASSWORD);
    const [cookie = ''] = response.headers.getSetCookie().filter((each) => each.startsWith(COOKIE));
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; Secure/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(cookie).toMatch(/; Path=\/auth(;|$)/i);
    const days = (Date.parse(/Expires=([^;]+)/i.exec(cookie)![1]!) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(180);
    expect((await app.client().signUp(newEmail(), PASSWORD)).headers.getSetCookie()).toEqual([]);
  });
});

describe.each(onExpress)('A known device, on %s', (framework) => {
  it('is known no longer when the password has changed', async () => {
    await start(framework);
    const email = newEmail();
    const { client, recipeUserId } = await usedBrowser(email);
    const password = 'another password 2';
    await app.app.get(EmailPasswordFunctions, { strict: false }).updateEmailOrPassword({ recipeUserId, password });
    for (let time = 0; time < 3; time++) await statusOf(app.client(), email, 'a wrong password 1');
    expect(await statusOf(client, email, password)).toBe('GENERAL_ERROR');
  });

  it('is unknown to other accounts, and remembers several', async () => {
    await start(framework);
    const [ada, bob] = [newEmail(), newEmail()];
    const { client } = await usedBrowser(ada);
    await app.client().signUp(bob, PASSWORD);
    await lockOut(bob);
    expect(await statusOf(client, bob)).toBe('GENERAL_ERROR');
    await app.app.get(AttemptLimits, { strict: false }).unlock({
      userId: (await app.app.get(EmailPasswordFunctions, { strict: false }).getUserByEmail({ email: bob }))!.id,
    });
    expect(await statusOf(client, bob)).toBe('OK');
    for (const email of [ada, bob]) await lockOut(email);
    for (const email of [ada, bob]) expect(await statusOf(client, email)).toBe('OK');
  });

  it('cannot be made up, also from a cookie of another account', async () => {
    await start(framework);
    const [email, other] = [newEmail(), newEmail()];
    const { client } = await usedBrowser(email);
    const { client: stranger } = await usedBrowser(other);
    const [head, payload, signature] = client.cookies.get(COOKIE)!.split('.');
    const [strangeHead, , strangeSignature] = stranger.cookies.get(COOKIE)!.split('.');
    await lockOut(email);
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    const forged = [
      `${strangeHead}.${payload}.${strangeSignature}`,
      `${unsigned}.${payload}.`,
      `${head}.${payload}.${signature!.slice(0, -4)}AAAA`,
      stranger.cookies.get(COOKIE)!,
      'x',
    ];
    for (const value of forged) {
      const forger = browser();
      forger.cookies.set(COOKIE, value, '/auth');
      expect(await statusOf(forger, email)).toBe('GENERAL_ERROR');
    }
    // A planted cookie beside it hides nothing.
    client.cookies.set(COOKIE, 'planted', '/');
    expect(await statusOf(client, email)).toBe('OK');
  });

  it('gets no cookie where the application wants none', async () => {
    await start(framework, { ...STRICT, knownDeviceLifetimeDays: 0 });
    const { client } = await usedBrowser(newEmail());
    expect(client.cookies.get(COOKIE)).toBeUndefined();
  });
});
