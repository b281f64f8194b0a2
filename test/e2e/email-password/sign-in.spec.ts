import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { frameworks } from '../../support/frameworks.js';
import { stableHeaders } from '../../support/stable-headers.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';

const PASSWORD = 'correct horse 1';
const WRONG_CREDENTIALS = '{"status":"WRONG_CREDENTIALS_ERROR"}';

describe.each(frameworks)('Sign-in on %s', (framework) => {
  let app: EmailPasswordApp;
  let signedUp: unknown;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework);
    signedUp = await (await app.client().signUp(' A@B.com ', PASSWORD)).json();
  });
  afterAll(() => app.close());

  it('lets the user in whatever the case of the email and the space around it', async () => {
    for (const email of ['a@b.com', 'a@b.COM', 'A@B.COM', '\t a@B.com\n']) {
      const client = app.client();
      const response = await client.signIn(email, PASSWORD);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(signedUp);
      expect((await client.get('/me/checked')).status).toBe(200);
    }
  });

  it('takes a password for the same in each normal form of Unicode', async () => {
    const password = 'Zoë-läuft-42';
    const email = `${framework}@example.com`;
    await app.client().signUp(email, password.normalize('NFD'));
    const typedElsewhere = await app.client().signIn(email, password.normalize('NFC'));
    expect(await typedElsewhere.json()).toMatchObject({ status: 'OK' });
  });

  it('gives every sign-in a session of its own', async () => {
    const [first, second] = [app.client(), app.client()];
    await first.signIn('a@b.com', PASSWORD);
    await second.signIn('a@b.com', PASSWORD);
    await first.signOut();
    expect((await first.get('/me/checked')).status).toBe(401);
    expect((await second.get('/me/checked')).status).toBe(200);
  });

  it.each(['/auth/public/signin', '/auth/PuBLiC/signin'])('also answers at %s', async (path) => {
    const response = await app.client().post(path, formFields({ email: 'a@b.com', password: PASSWORD }));
    expect(await response.json()).toEqual(signedUp);
  });

  it('tells an unknown user from a wrong password by nothing: same status, bytes and headers', async () => {
    const unknown = await app.client().signIn('nobody@b.com', PASSWORD);
    const wrong = await app.client().signIn('a@b.com', 'wrong horse 2');

    expect([unknown.status, wrong.status]).toEqual([200, 200]);
    expect(await unknown.text()).toBe(WRONG_CREDENTIALS);
    expect(await wrong.text()).toBe(WRONG_CREDENTIALS);
    expect(stableHeaders(wrong)).toEqual(stableHeaders(unknown));
    expect(stableHeaders(wrong).map(([name]) => name)).not.toContain('front-token');
  });

  it.each([
    ['in another case', PASSWORD.toUpperCase()],
    ['with a space behind', `${PASSWORD} `],
    ['with a space before', ` ${PASSWORD}`],
    ['cut short', PASSWORD.slice(0, -1)],
    ['with a NUL behind', `${PASSWORD}\0`],
  ])('takes no password %s', async (_how, password) => {
    expect(await (await app.client().signIn('a@b.com', password)).text()).toBe(WRONG_CREDENTIALS);
  });

  it('does not hold the password against the rules of sign-up', async () => {
    const short = await app.client().signIn('a@b.com', 'x');
    expect(await short.text()).toBe(WRONG_CREDENTIALS);
    const long = await app.client().signIn('a@b.com', 'x'.repeat(5000));
    expect(await long.text()).toBe(WRONG_CREDENTIALS);
  });

  it('says what is missing, field by field', async () => {
    const response = await app.client().auth('signin', formFields({ email: '  ', password: '' }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'FIELD_ERROR',
      formFields: [
        { id: 'email', error: 'Field is not optional' },
        { id: 'password', error: 'Field is not optional' },
      ],
    });
  });

  it('holds the email against its form', async () => {
    expect(await (await app.client().signIn('not an email', PASSWORD)).json()).toEqual({
      status: 'FIELD_ERROR',
      formFields: [{ id: 'email', error: 'Email is invalid' }],
    });
  });

  it('takes only its own two fields', async () => {
    const fields = formFields({ email: 'a@b.com', password: PASSWORD, role: 'admin' });
    const response = await app.client().auth('signin', fields);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: expect.stringContaining('role') });
  });

  it('replaces the session that the client had', async () => {
    const client = app.client();
    await client.signIn('a@b.com', PASSWORD);
    const first = client.tokens.accessToken;
    await client.signIn('a@b.com', PASSWORD);
    expect(client.tokens.accessToken).not.toBe(first);
    expect((await client.get('/me/checked')).status).toBe(200);
  });
});
