import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onExpress } from '../../support/frameworks.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';

const paths = [
  '/auth/emailpassword/email/exists',
  '/auth/signup/email/exists',
  '/auth/public/emailpassword/email/exists',
  '/auth/PUBLIC/signup/email/exists',
];

describe.each(onExpress)('Whether an email exists, on %s', (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework);
    await app.client().signUp('ada+tag@example.com', 'correct horse 1');
  });
  afterAll(() => app.close());

  it.each(paths)('is told at %s', async (path) => {
    const ask = async (email: string) => (await app.client().get(`${path}?email=${encodeURIComponent(email)}`)).text();
    expect(await ask('ada+tag@example.com')).toBe('{"status":"OK","exists":true}');
    expect(await ask(' ADA+tag@Example.com ')).toBe('{"status":"OK","exists":true}');
    expect(await ask('ada@example.com')).toBe('{"status":"OK","exists":false}');
    expect(await ask('')).toBe('{"status":"OK","exists":false}');
  });

  it.each(['', '?mail=ada@example.com', '?email=a@example.com&email=b@example.com', '?email[]=a@example.com'])(
    'is not told for the query %j',
    async (query) => {
      const response = await app.client().get(`/auth/emailpassword/email/exists${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ message: 'Please provide the email as a GET param' });
    },
  );

  it('takes wildcards and quotes for what they are', async () => {
    for (const email of ['%', '_da+tag@example.com', "' or '1'='1", '*']) {
      const response = await app.client().get(`/auth/signup/email/exists?email=${encodeURIComponent(email)}`);
      expect(await response.json()).toEqual({ status: 'OK', exists: false });
    }
  });
});
