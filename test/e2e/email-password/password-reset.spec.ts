import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { EmailPasswordFunctions } from 'latchkey';
import { newEmail } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { onFastify } from '../../support/frameworks.js';
import {
  askForReset,
  INVALID_TOKEN,
  requestResetToken,
  RESET_OK,
  resetPassword,
  tokenOf,
} from '../../support/password-resets.js';
import { SqliteFile } from '../../support/sqlite-file.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

const OLD = 'old password 1';
const NEW = 'new password 2';
const WRONG = { status: 'WRONG_CREDENTIALS_ERROR' };

async function json(response: Promise<Response>): Promise<unknown> {
  return (await response).json();
}

describe.each(onFastify)('A password reset on %s', (framework) => {
  let folder: TemporaryFolder;
  let file: SqliteFile;
  let app: EmailPasswordApp;

  beforeAll(async () => {
    folder = await temporaryFolder();
    file = new SqliteFile(folder.path('auth.sqlite'));
    app = await startEmailPasswordApp(framework, {
      core: { sqlite: file.path, passwordResetTokenLifetimeSeconds: 120 },
    });
  });
  afterAll(async () => {
    await app.close();
    await folder.remove();
  });

  async function newUser(): Promise<string> {
    const email = newEmail();
    await app.client().signUp(email, OLD);
    return email;
  }

  const reset = (token: unknown, password = NEW) => json(resetPassword(app.client(), token, password));
  const signIn = (email: string, password: string) => json(app.client().signIn(email, password));

  it('replaces the password by the token from the link', async () => {
    const email = await newUser();
    const response = await resetPassword(app.client(), await requestResetToken(app, email), NEW);
    expect([response.status, await response.text()]).toEqual([200, '{"status":"OK"}']);
    expect(response.headers.get('front-token')).toBeNull();
    expect(await signIn(email, OLD)).toEqual(WRONG);
    expect(await signIn(email, NEW)).toMatchObject({ status: 'OK' });
  });

  it('sends a link to the page of the website, with token and tenant', async () => {
    const email = await newUser();
    await askForReset(app.client(), ` ${email.toUpperCase()} `);
    const sent = await app.emails.nextPasswordReset(email);
    const url = new URL(sent.passwordResetLink);
    expect(url.origin + url.pathname).toBe('https://www.example.com/auth/reset-password');
    expect([...url.searchParams.keys()]).toEqual(['token', 'tenantId']);
    expect(url.searchParams.get('tenantId')).toBe('public');
    expect(url.searchParams.get('token')).toMatch(/^[\w-]{40,}$/);
    expect(sent).toMatchObject({ tenantId: 'public', user: { email, id: sent.user.recipeUserId } });
  });

  it('works at the paths that name the tenant', async () => {
    const email = await newUser();
    const body = { formFields: [{ id: 'email', value: email }] };
    expect(await json(app.client().post('/auth/Public/user/password/reset/token', body))).toEqual(RESET_OK);
    const { passwordResetLink } = await app.emails.nextPasswordReset(email);
    const answer = app.client().post('/auth/PUBLIC/user/password/reset', {
      token: tokenOf(passwordResetLink),
      formFields: [{ id: 'password', value: NEW }],
    });
    expect(await json(answer)).toEqual(RESET_OK);
  });

  it('keeps only a hash of the token', async () => {
    const token = await requestResetToken(app, await newUser());
    expect(file.tablesWith(token)).toEqual([]);
    const hash = createHash('sha256').update(token).digest('hex');
    expect(file.tablesWith(hash)).toEqual(['latchkey_one_time_tokens']);
    expect(await reset(hash)).toEqual(INVALID_TOKEN);
  });

  it('works once', async () => {
    const email = await newUser();
    const token = await requestResetToken(app, email);
    expect(await reset(token)).toEqual(RESET_OK);
    expect(await reset(token, 'third password 3')).toEqual(INVALID_TOKEN);
    expect(await signIn(email, NEW)).toMatchObject({ status: 'OK' });
  });

  it('works for exactly one of ten who use the token at once', async () => {
    const email = await newUser();
    const token = await requestResetToken(app, email);
    const passwords = Array.from({ length: 10 }, (_, at) => `simultaneous ${at}`);
    const responses = await Promise.all(passwords.map((password) => resetPassword(app.client(), token, password)));
    const answers = await Promise.all(responses.map((response) => response.json()));

    expect(responses.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const winners = passwords.filter((_, at) => (answers[at] as { status: string }).status === 'OK');
    expect(winners).toHaveLength(1);
    expect(answers.filter((answer) => (answer as { status: string }).status !== 'OK')).toEqual(
      Array(9).fill(INVALID_TOKEN),
    );
    expect(await signIn(email, winners[0]!)).toMatchObject({ status: 'OK' });
  });

  it('expires after the configured time', async () => {
    const email = await newUser();
    const before = Date.now();
    const token = await requestResetToken(app, email);
    const hash = createHash('sha256').update(token).digest('hex');
    const where = 'latchkey_one_time_tokens where token_hash = ?';
    const [row] = file.rows(`select expires_at_ms from ${where}`, hash);
    expect(Number(row!.expires_at_ms)).toBeGreaterThanOrEqual(before + 120_000);
    expect(Number(row!.expires_at_ms)).toBeLessThanOrEqual(Date.now() + 120_000);

    const setExpiry = 'update latchkey_one_time_tokens set expires_at_ms = ? where token_hash = ?';
    expect(file.run(setExpiry, Date.now() - 1, hash)).toBe(1);
    expect(await reset(token)).toEqual(INVALID_TOKEN);
    expect(await signIn(email, OLD)).toMatchObject({ status: 'OK' });
  });

  it('spends the older tokens too, and not those of others', async () => {
    const [email, other] = [await newUser(), await newUser()];
    const [first, second] = [await requestResetToken(app, email), await requestResetToken(app, email)];
    const foreign = await requestResetToken(app, other);
    expect(first).not.toBe(second);
    expect(await reset(second)).toEqual(RESET_OK);
    expect(await reset(first, 'third password 3')).toEqual(INVALID_TOKEN);
    expect(await reset(foreign)).toEqual(RESET_OK);
  });

  it('lets an older token work while no newer one was used', async () => {
    const email = await newUser();
    const first = await requestResetToken(app, email);
    await requestResetToken(app, email);
    expect(await reset(first)).toEqual(RESET_OK);
  });

  it('is refused after the email has changed, even when it changed back', async () => {
    const email = await newUser();
    const token = await requestResetToken(app, email);
    const functions = app.app.get(EmailPasswordFunctions);
    const user = await functions.getUserByEmail({ email });
    await functions.updateEmailOrPassword({ recipeUserId: user!.id, email: `moved-${email}` });
    expect(await reset(token)).toEqual(INVALID_TOKEN);
    await functions.updateEmailOrPassword({ recipeUserId: user!.id, email });
    expect(await reset(token)).toEqual(INVALID_TOKEN);
    expect(await signIn(email, OLD)).toMatchObject({ status: 'OK' });
  });

  it('leaves the token usable when the new password breaks the rules', async () => {
    const token = await requestResetToken(app, await newUser());
    expect(await reset(token, 'short')).toEqual({
      status: 'FIELD_ERROR',
      formFields: [{ id: 'password', error: 'Password must contain at least 8 characters, including a number' }],
    });
    expect(await reset(token)).toEqual(RESET_OK);
  });

  it('takes no token that was changed, cut or lengthened', async () => {
    const token = await requestResetToken(app, await newUser());
    const flipped = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    for (const wrong of [flipped, token.slice(1), token.slice(0, -1), `${token}A`, ` ${token}`, token.toLowerCase()]) {
      expect(await reset(wrong)).toEqual(INVALID_TOKEN);
    }
    expect(await reset(token)).toEqual(RESET_OK);
  });
});
