import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailVerificationFunctions, SessionFunctions, Sessions, Users } from 'latchkey';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { Core } from '../../../lib/core/core.js';
import { TenantsCore } from '../../../lib/core/tenants.core.js';
import { clearsCookies, clearsHeaders, saysNothingOfTokens } from '../../support/answers.js';
import { newEmail } from '../../support/auth-app.js';
import type { EmailPasswordApp } from '../../support/email-password-app.js';
import {
  ALREADY_VERIFIED,
  askForLink,
  claimOf,
  INVALID_TOKEN,
  isVerified,
  OK,
  requestToken,
  signUp,
  startEmailVerificationApp,
  UNVERIFIED,
  verify,
} from '../../support/email-verification-app.js';
import { frameworks } from '../../support/frameworks.js';

const UNAUTHORISED = [401, { message: 'unauthorised' }];
const answered = async (response: Response) => [response.status, await response.json()];

/** A session of a user that Latchkey does not keep. */
@Controller('login-elsewhere')
class LoginController {
  constructor(private readonly sessions: Sessions) {}

  @Post()
  async login(@Req() request: unknown, @Res({ passthrough: true }) response: unknown) {
    await this.sessions.createNewSession(request, response, { userId: 'user-of-elsewhere', allowUnknownUser: true });
    return {};
  }
}

describe.each(frameworks)('Answers of email verification on %s', (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    app = await startEmailVerificationApp(framework, {
      session: { antiCsrf: 'VIA_CUSTOM_HEADER' },
      controllers: [LoginController],
    });
  });
  afterAll(() => app.close());

  it('a link and the question need a session, and keep the tokens of a client without one', async () => {
    for (const response of [await askForLink(app.client()), await isVerified(app.client())]) {
      expect(saysNothingOfTokens(response)).toBe(true);
      expect(await answered(response)).toEqual(UNAUTHORISED);
    }
  });

  it('an expired or forged session is to be refreshed first', async () => {
    const client = app.client();
    client.tokens = { accessToken: 'forged' };
    expect((await askForLink(client)).status).toBe(401);
    expect((await isVerified(client)).status).toBe(401);
  });

  it('a link in cookie mode needs the header that no other site can send', async () => {
    const { client } = await signUp(app, undefined, 'cookie');
    expect(await answered(await askForLink(client))).toEqual([200, OK]);
    const cookie = client.cookies.headerFor('/auth/user/email/verify/token')!;
    const forged = await fetch(`${app.url}/auth/user/email/verify/token`, { method: 'POST', headers: { cookie } });
    expect(await answered(forged)).toEqual([401, { message: 'try refresh token' }]);
  });

  it('are the same below a tenant', async () => {
    const user = await signUp(app);
    expect(await answered(await user.client.auth('public/user/email/verify/token', {}))).toEqual([200, OK]);
    const token = new URL((await app.emails.nextEmailVerification(user.email)).emailVerifyLink).searchParams.get(
      'token',
    );
    expect(await answered(await verify(app.client(), token, 'public/'))).toEqual([200, OK]);
    expect(await answered(await user.client.get('/auth/public/user/email/verify'))).toEqual([
      200,
      { status: 'OK', isVerified: true },
    ]);
  });

  it('say no more than the wire knows', async () => {
    const user = await signUp(app);
    expect(await answered(await isVerified(user.client))).toEqual([200, { status: 'OK', isVerified: false }]);
    expect(await answered(await askForLink(user.client))).toEqual([200, OK]);
    const token = await requestToken(app, user);
    expect(await answered(await verify(user.client, token))).toEqual([200, OK]);
    expect(await answered(await verify(app.client(), token))).toEqual([200, INVALID_TOKEN]);
    expect(await answered(await askForLink(user.client))).toEqual([200, ALREADY_VERIFIED]);
  });

  it('a link that its user follows again, or an older one, is no failure, and it is one to everybody else', async () => {
    const [user, other] = [await signUp(app), await signUp(app)];
    const [older, token] = [await requestToken(app, user), await requestToken(app, user)];
    // A scanner comes before the user.
    expect(await answered(await verify(app.client(), token))).toEqual([200, OK]);
    for (const link of [token, token, older]) {
      expect(await answered(await verify(user.client, link))).toEqual([200, OK]);
      expect(await answered(await verify(other.client, link))).toEqual([200, INVALID_TOKEN]);
    }
    expect(claimOf(user.client)).toMatchObject({ v: true });
    const functions = app.app.get(EmailVerificationFunctions, { strict: false });
    await functions.unverifyEmail({ recipeUserId: user.userId });
    expect(await answered(await verify(user.client, token))).toEqual([200, INVALID_TOKEN]);
    expect(await answered(await isVerified(user.client))).toEqual([200, { status: 'OK', isVerified: false }]);
  });

  it('a link ends the older ones once it is followed, and not before', async () => {
    const user = await signUp(app);
    const [first, second] = [await requestToken(app, user), await requestToken(app, user)];
    expect(first).not.toBe(second);
    expect(await answered(await verify(app.client(), first))).toEqual([200, OK]);
    expect(await answered(await verify(app.client(), second))).toEqual([200, INVALID_TOKEN]);
  });

  it('application code makes links, and sends them as often as it likes', async () => {
    const functions = app.app.get(EmailVerificationFunctions);
    const { client, email, userId: recipeUserId } = await signUp(app);
    const tokenIn = (link: string) => new URL(link).searchParams.get('token')!;
    const made = await functions.createEmailVerificationLink({ recipeUserId });
    if (made.status !== 'OK') throw new Error(made.status);
    expect(made.link).toMatch(/^https:\/\/www\.example\.com\/auth\/verify-email\?token=.+&tenantId=public$/);
    for (let time = 0; time < 2; time++) {
      expect(await functions.sendEmailVerificationEmail({ recipeUserId })).toEqual(OK);
      const sent = await app.emails.receive({ to: email, kind: 'emailVerification' });
      expect(sent).toMatchObject({ user: { id: recipeUserId, recipeUserId, email }, tenantId: 'public' });
      expect(sent.emailVerifyLink).not.toBe(made.link);
    }
    expect(await (await verify(client, tokenIn(made.link))).json()).toMatchObject(OK);
    expect(await functions.sendEmailVerificationEmail({ recipeUserId })).toEqual(ALREADY_VERIFIED);
    expect(await functions.createEmailVerificationLink({ recipeUserId, email })).toEqual(ALREADY_VERIFIED);
    for (const unknown of ['nobody', '']) {
      const input = { recipeUserId: unknown };
      expect(await functions.createEmailVerificationLink(input)).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
      expect(await functions.sendEmailVerificationEmail(input)).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
    }
  });

  it('the session of a deleted user gets no link and no answer, and ends', async () => {
    const [phone, browser] = [await signUp(app), await signUp(app, undefined, 'cookie')];
    const token = await requestToken(app, phone);
    for (const { userId } of [phone, browser]) await app.app.get(Users).deleteUser(userId);
    const sent = app.emails.emailVerifications.length;

    // A core in another process tells it where the user is looked up, and this one where the token is; that keeps tokens for the refresh.
    const refused = await askForLink(phone.client);
    expect(clearsHeaders(refused) || clearsHeaders(await phone.client.refresh())).toBe(true);
    expect(await answered(refused)).toEqual(UNAUTHORISED);
    const unanswered = await isVerified(browser.client);
    expect(clearsCookies(unanswered) || clearsCookies(await browser.client.refresh())).toBe(true);
    expect(await answered(unanswered)).toEqual(UNAUTHORISED);
    expect(await answered(await verify(app.client(), token))).toEqual([200, INVALID_TOKEN]);
    expect(app.emails.emailVerifications).toHaveLength(sent);
  });

  it('a link is good also when the session of its reader has ended meanwhile', async () => {
    const user = await signUp(app);
    const token = await requestToken(app, user);
    await app.app.get(SessionFunctions).revokeAllSessionsForUser({ userId: user.userId });
    expect(await answered(await verify(user.client, token))).toEqual([200, OK]);
    expect((await app.app.get(Users).getUser(user.userId))?.loginMethods[0]?.verified).toBe(true);
  });

  it('a user that lives elsewhere has a session that knows nothing of an email', async () => {
    const client = app.client();
    expect((await client.post('/login-elsewhere', {})).status).toBe(201);
    expect(claimOf(client)).toBeUndefined();
    expect(await answered(await client.get('/me'))).toEqual([
      403,
      {
        ...UNVERIFIED,
        claimValidationErrors: [{ id: 'st-ev', reason: { message: 'value does not exist', expectedValue: true } }],
      },
    ]);
    expect(await answered(await askForLink(client))).toEqual(UNAUTHORISED);
  });

  it('two users of one email, in two tenants, verify it each for themselves', async () => {
    await app.app.get(Core).port(TenantsCore).createTenant('acme');
    const email = newEmail();
    const here = await signUp(app, email);
    const client = app.client();
    await client.auth('acme/signup', {
      formFields: [
        { id: 'email', value: email },
        { id: 'password', value: 'correct-horse-1' },
      ],
    });
    const token = await requestToken(app, here);
    const theirs = await requestToken(app, { client, email, userId: '' });

    expect(await answered(await verify(app.client(), theirs))).toEqual([200, INVALID_TOKEN]);
    expect(await answered(await verify(app.client(), token, 'acme/'))).toEqual([200, INVALID_TOKEN]);
    expect(await answered(await verify(app.client(), token))).toEqual([200, OK]);
    expect(await answered(await isVerified(client))).toEqual([200, { status: 'OK', isVerified: false }]);
    expect(await answered(await verify(app.client(), theirs, 'acme/'))).toEqual([200, OK]);
    expect(await answered(await isVerified(client))).toEqual([200, { status: 'OK', isVerified: true }]);
    const last = app.emails.emailVerifications.at(-1)!;
    expect(new URL(last.emailVerifyLink).searchParams.get('tenantId')).toBe('acme');
  });

  it('one of many who come with one token at once gets through', async () => {
    const user = await signUp(app);
    const token = await requestToken(app, user);
    const answers = await Promise.all(Array.from({ length: 8 }, () => verify(app.client(), token)));
    const statuses = await Promise.all(answers.map(async (one) => ((await one.json()) as { status: string }).status));
    expect(statuses.filter((status) => status === 'OK')).toHaveLength(1);
    expect(statuses.filter((status) => status === INVALID_TOKEN.status)).toHaveLength(7);
  });
});
