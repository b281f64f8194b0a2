import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthTestClient } from 'latchkey/testing';
import { outboxRows } from '../../support/outbox-rows.js';
import { newEmail } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import { askForReset, resetPassword, RESET_OK, tokenOf } from '../../support/password-resets.js';
import { type SmtpApp, startSmtpApp } from '../../support/smtp-app.js';
import { linkOf } from '../../support/smtp-server.js';

const PASSWORD = 'correct horse 1';
const NEW = 'new battery 2';

describe.each(onExpress)('Emails by SMTP on %s', (framework) => {
  let app: SmtpApp;

  beforeAll(async () => {
    app = await startSmtpApp(framework, { delivery: { brand: { color: '#0b7a5b' } } });
  });
  afterAll(() => app.close());

  async function newUser(): Promise<{ email: string; client: AuthTestClient }> {
    const email = newEmail();
    const client = app.client();
    await client.signUp(email, PASSWORD);
    return { email, client };
  }

  it('carry a link that sets a new password', async () => {
    const { email, client } = await newUser();
    expect(await (await askForReset(client, email)).json()).toEqual(RESET_OK);
    const received = await app.server.next(email);
    expect(received.envelope).toEqual({ from: 'no-reply@acme.test', to: [email] });
    expect(received.to).toMatchObject([{ address: email }]);
    expect(received.from).toMatchObject({ name: 'Acme', address: 'no-reply@acme.test' });
    expect(received.subject).toBe('Choose a new password for Acme');

    const link = linkOf(received);
    expect(link).toMatch(/^https:\/\/www\.example\.com\/auth\/reset-password\?token=[\w-]{64}&tenantId=public$/);
    expect(await (await resetPassword(client, tokenOf(link), NEW)).json()).toEqual(RESET_OK);
    expect(await (await app.client().signIn(email, NEW)).json()).toMatchObject({ status: 'OK' });
  });

  it('carry a link that verifies the address', async () => {
    const { email, client } = await newUser();
    expect(await (await client.auth('user/email/verify/token', {})).json()).toEqual({ status: 'OK' });
    const received = await app.server.next(email);
    expect(received.subject).toBe('Confirm your email address for Acme');

    const link = linkOf(received);
    expect(link).toMatch(/^https:\/\/www\.example\.com\/auth\/verify-email\?token=[\w-]{64}&tenantId=public$/);
    const verifyBy = async (follower: AuthTestClient) => {
      const response = await follower.auth('user/email/verify', { method: 'token', token: tokenOf(link) });
      return ((await response.json()) as { status: string }).status;
    };
    expect(await verifyBy(client)).toBe('OK');
    // Its owner may follow it again, and nobody else.
    expect(await verifyBy(client)).toBe('OK');
    expect(await verifyBy((await newUser()).client)).toBe('EMAIL_VERIFICATION_INVALID_TOKEN_ERROR');
    expect(await (await client.get('/auth/user/email/verify')).json()).toMatchObject({ isVerified: true });
  });

  it('are marked as automatic, with an id of their own, and hold nothing from elsewhere', async () => {
    const { email, client } = await newUser();
    await askForReset(client, email);
    const { headers, messageId, html = '', attachments } = await app.server.next(email);
    expect(headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
    expect(messageId).toMatch(/^<[\da-f-]{36}@acme\.test>$/);
    expect(attachments).toEqual([]);
    expect(html).not.toMatch(/<(?:img|script|iframe|link)\b/i);
    expect(html).toContain('background-color:#0b7a5b');
  });

  it('come in the language that the browser asks for, else in English', async () => {
    const subjects: (string | undefined)[] = [];
    for (const language of ['de-AT,de;q=0.9,en;q=0.5', 'xx-YY, de;q=0.2', 'fr', '*', 'de\u00ff;;q=x']) {
      const { email, client } = await newUser();
      const body = { formFields: [{ id: 'email', value: email }] };
      await client.post('/auth/user/password/reset/token', body, { headers: { 'accept-language': language } });
      subjects.push((await app.server.next(email)).subject);
    }
    const [german, english] = ['Neues Passwort für Acme festlegen', 'Choose a new password for Acme'];
    expect(subjects).toEqual([german, german, english, english, english]);
  });

  it('leave no link behind in the database once they are sent', async () => {
    const { email, client } = await newUser();
    await askForReset(client, email);
    await app.server.next(email);
    await app.queue.idle();
    const rows = await outboxRows(app);
    expect(rows.filter(({ content }) => content.includes(email))).toEqual([]);
  });

  it('are sent to nobody for an unknown address', async () => {
    const before = app.server.attempts();
    expect(await (await askForReset(app.client(), 'nobody@example.com')).json()).toEqual(RESET_OK);
    await app.queue.idle();
    expect(app.server.attempts()).toBe(before);
  });
});
