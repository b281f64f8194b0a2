import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Users } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { frameworks } from '../../support/frameworks.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';

const PASSWORD = 'correct horse 1';
const TAKEN = {
  status: 'FIELD_ERROR',
  formFields: [{ id: 'email', error: 'This email already exists. Please sign in instead.' }],
};

describe.each(frameworks)('Sign-up on %s', (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework);
  });
  afterAll(() => app.close());

  it('answers with the new user and starts a session', async () => {
    const client = app.client();
    const before = Date.now();
    const response = await client.signUp('ada@example.com', PASSWORD);
    const body = (await response.json()) as { user: { id: string; timeJoined: number } };
    const { id, timeJoined } = body.user;

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual({
      status: 'OK',
      user: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        timeJoined: expect.any(Number),
        isPrimaryUser: false,
        tenantIds: ['public'],
        emails: ['ada@example.com'],
        phoneNumbers: [],
        thirdParty: [],
        loginMethods: [
          {
            recipeId: 'emailpassword',
            recipeUserId: id,
            tenantIds: ['public'],
            email: 'ada@example.com',
            verified: false,
            timeJoined,
          },
        ],
      },
    });
    expect(timeJoined).toBeGreaterThanOrEqual(before);
    expect(timeJoined).toBeLessThanOrEqual(Date.now());
    expect(await (await client.get('/me')).json()).toEqual({ userId: id, tenantId: 'public' });
  });

  it('never sends the password or its hash back', async () => {
    const response = await app.client().signUp('secretive@example.com', PASSWORD);
    const everything = JSON.stringify([await response.text(), [...response.headers]]);
    expect(everything).not.toContain(PASSWORD);
    expect(everything).not.toContain('argon2');
  });

  it('refuses an email that is taken, in any spelling, and starts no session', async () => {
    await app.client().signUp('taken@example.com', PASSWORD);
    for (const email of ['taken@example.com', 'TAKEN@Example.COM', '  taken@example.com\t']) {
      const response = await app.client().signUp(email, 'another pass 2');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(TAKEN);
      expect(response.headers.get('st-access-token')).toBeNull();
      expect(response.headers.get('front-token')).toBeNull();
    }
    expect(await (await app.client().signIn('taken@example.com', 'another pass 2')).json()).toEqual({
      status: 'WRONG_CREDENTIALS_ERROR',
    });
  });

  it.each(['/auth/public/signup', '/auth/PUBLIC/signup', '/auth/Public/signup'])(
    'also answers at %s, in any case of the tenant',
    async (path) => {
      const email = `tenant-${Math.random()}@example.com`;
      const response = await app.client().post(path, formFields({ email, password: PASSWORD }));
      expect(await response.json()).toMatchObject({ status: 'OK', user: { tenantIds: ['public'], emails: [email] } });
      expect(await (await app.client().signIn(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
    },
  );

  it('sends cookies to clients that want cookies, and headers to the others', async () => {
    const browser = app.client({ transferMethod: 'cookie' });
    const inCookies = await browser.signUp('browser@example.com', PASSWORD);
    expect(inCookies.headers.getSetCookie().map((cookie) => cookie.split('=')[0])).toEqual([
      'sAccessToken',
      'sRefreshToken',
      'sKnownDevice',
    ]);
    expect(inCookies.headers.get('st-access-token')).toBeNull();

    const inHeaders = await app.client().signUp('mobile@example.com', PASSWORD);
    expect(inHeaders.headers.getSetCookie()).toEqual([]);
    expect(inHeaders.headers.get('st-access-token')).toMatch(/^ey/);
    expect(inHeaders.headers.get('st-refresh-token')).toBeTruthy();
  });

  it('gives one user when twenty sign up with one email at once, and nineteen field errors', async () => {
    const spellings = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 'race@example.com' : ' RACE@example.com '));
    const responses = await Promise.all(spellings.map((email) => app.client().signUp(email, PASSWORD)));
    const bodies = (await Promise.all(responses.map((response) => response.json()))) as { status: string }[];

    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(bodies.filter(({ status }) => status === 'OK')).toHaveLength(1);
    expect(bodies.filter(({ status }) => status !== 'OK')).toEqual(Array.from({ length: 19 }, () => TAKEN));
    expect(await app.app.get(Users).listUsersByAccountInfo({ email: 'race@example.com' })).toHaveLength(1);
  });

  it('gives every one of twenty simultaneous sign-ups with different emails an account', async () => {
    const emails = Array.from({ length: 20 }, (_, at) => `crowd-${at}@example.com`);
    const responses = await Promise.all(emails.map((email) => app.client().signUp(email, PASSWORD)));
    const users = (await Promise.all(responses.map((response) => response.json()))) as { user: { id: string } }[];
    expect(new Set(users.map(({ user }) => user.id)).size).toBe(20);
  });
});
