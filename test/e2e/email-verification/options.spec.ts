import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import {
  EmailPasswordRecipe,
  EmailVerificationClaim,
  EmailVerificationRecipe,
  getRequestFromUserContext,
  Session,
  SessionRecipe,
  type EmailForRecipeUserId,
} from 'latchkey';
import { bootError, newEmail } from '../../support/auth-app.js';
import type { EmailPasswordApp } from '../../support/email-password-app.js';
import {
  ALREADY_VERIFIED,
  askForLink,
  claimOf,
  isVerified,
  OK,
  requestLink,
  requestToken,
  signUp,
  startEmailVerificationApp,
  UNVERIFIED,
  verify,
  type EmailVerificationAppOptions,
} from '../../support/email-verification-app.js';
import { onFastify } from '../../support/frameworks.js';
import { waitUntil } from '../../support/wait-until.js';

@Controller('orders')
class OrdersController {
  @Get()
  @Session({
    overrideGlobalClaimValidators: (validators) => [...validators, EmailVerificationClaim.validators.isVerified()],
  })
  orders() {
    return [];
  }
}

describe.each(onFastify)('Options of EmailVerificationRecipe on %s', (framework) => {
  let app: EmailPasswordApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function start(options: EmailVerificationAppOptions): Promise<EmailPasswordApp> {
    app = await startEmailVerificationApp(framework, options);
    return app;
  }

  it('mode OPTIONAL: sessions have the claim, and only the routes that name it ask for it', async () => {
    const started = await start({ emailVerification: { mode: 'OPTIONAL' }, controllers: [OrdersController] });
    const user = await signUp(started);
    expect(claimOf(user.client)).toMatchObject({ v: false });
    expect((await user.client.get('/me')).status).toBe(200);
    const refused = await user.client.get('/orders');
    expect([refused.status, await refused.json()]).toEqual([403, UNVERIFIED]);

    await verify(user.client, await requestToken(started, user));
    expect((await user.client.get('/orders')).status).toBe(200);
  });

  describe('getEmailForRecipeUserId', () => {
    const source: { answer: EmailForRecipeUserId; calls: string[] } = {
      answer: { status: 'OK', email: '' },
      calls: [],
    };
    const withOwnEmails = () =>
      start({
        emailVerification: {
          getEmailForRecipeUserId: async (recipeUserId, userContext) => {
            const path = getRequestFromUserContext(userContext)?.getOriginalURL();
            source.calls.push(`${recipeUserId} ${path}`);
            return source.answer;
          },
        },
      });

    it('is asked before the login method: the address that it knows is sent the link and is verified', async () => {
      const started = await withOwnEmails();
      const email = newEmail();
      source.answer = { status: 'OK', email: email.toUpperCase() };
      const user = await signUp(started);
      expect(source.calls.at(-1)).toBe(`${user.userId} /auth/signup`);

      await requestLink(started, { ...user, email: email.toUpperCase() });
      const { emailVerifyLink } = await started.emails.nextEmailVerification(email.toUpperCase());
      const token = new URL(emailVerifyLink).searchParams.get('token');
      expect(await (await verify(user.client, token)).json()).toEqual(OK);
      expect((await user.client.get('/me')).status).toBe(200);
    });

    it('that knows of no email leaves nothing to verify', async () => {
      const started = await withOwnEmails();
      source.answer = { status: 'EMAIL_DOES_NOT_EXIST_ERROR' };
      const { client } = await signUp(started);
      expect(claimOf(client)).toMatchObject({ v: true });
      expect((await client.get('/me')).status).toBe(200);
      expect(await (await isVerified(client)).json()).toEqual({ status: 'OK', isVerified: true });
      expect(await (await askForLink(client)).json()).toEqual(ALREADY_VERIFIED);
      expect(started.emails.emailVerifications).toEqual([]);
    });

    it('that does not know the user leaves it to the login method', async () => {
      const started = await withOwnEmails();
      source.answer = { status: 'UNKNOWN_USER_ID_ERROR' };
      const user = await signUp(started);
      expect(claimOf(user.client)).toMatchObject({ v: false });
      expect((await requestLink(started, user)).searchParams.get('token')).toMatch(/^[\w-]{64}$/);
    });
  });

  it('createAndSendCustomEmail sends instead of EmailDelivery', async () => {
    const sent: { user: object; link: string; url: string | undefined }[] = [];
    const started = await start({
      emailVerification: {
        createAndSendCustomEmail: async (user, link, userContext) => {
          sent.push({ user, link, url: getRequestFromUserContext(userContext)?.getOriginalURL() });
        },
      },
    });
    const { client, email, userId } = await signUp(started);
    expect(await (await askForLink(client)).json()).toEqual(OK);
    await waitUntil(async () => sent.length > 0);

    expect(sent).toEqual([
      {
        user: { id: userId, recipeUserId: userId, email },
        link: expect.stringMatching(
          /^https:\/\/www\.example\.com\/auth\/verify-email\?token=[\w-]{64}&tenantId=public$/,
        ),
        url: '/auth/user/email/verify/token',
      },
    ]);
    expect(started.emails.emailVerifications).toEqual([]);
    const token = new URL(sent[0]!.link).searchParams.get('token');
    expect(await (await verify(client, token)).json()).toEqual(OK);
  });

  it('websiteDomain as a function decides the link for each request', async () => {
    const started = await start({
      appInfo: {
        websiteDomain: (request) => `https://${request?.getHeaderValue('x-site') ?? 'www'}.example.com`,
        allowedOrigins: ['https://*.example.com'],
        websiteBasePath: '/account',
      },
    });
    const user = await signUp(started);
    await user.client.post('/auth/user/email/verify/token', {}, { headers: { 'x-site': 'shop' } });
    const { emailVerifyLink } = await started.emails.nextEmailVerification(user.email);
    expect(emailVerifyLink).toMatch(/^https:\/\/shop\.example\.com\/account\/verify-email\?token=/);
  });

  it('the lifetime of a token is an option of the core', async () => {
    const started = await start({ core: { emailVerificationTokenLifetimeSeconds: 60 } });
    const user = await signUp(started);
    expect(await (await verify(user.client, await requestToken(started, user))).json()).toEqual(OK);
    const error = await bootError(() =>
      startEmailVerificationApp(framework, { core: { emailVerificationTokenLifetimeSeconds: 59 } }),
    );
    expect(error.message).toMatch(
      /option emailVerificationTokenLifetimeSeconds is 59\. Give a whole number of seconds/,
    );
  });

  it.each<[string, object, string]>([
    ['a mode that does not exist', { mode: 'ALWAYS' }, `option mode is "ALWAYS". Give 'REQUIRED' or 'OPTIONAL'.`],
    ['no mode', { mode: undefined }, `option mode is missing. Give 'REQUIRED' or 'OPTIONAL'.`],
    [
      'something that is no function',
      { getEmailForRecipeUserId: 'email' },
      'option getEmailForRecipeUserId is "email". Give a function that returns { status, email }.',
    ],
    [
      'an option of another name',
      { emailDelivery: {} },
      'there is no option emailDelivery. Give it once, to the module: AuthModule.forRoot({ emailDelivery }) sends the emails of every recipe.',
    ],
  ])('%s is refused at boot', async (_what, emailVerification, message) => {
    const error = await bootError(() => startEmailVerificationApp(framework, { emailVerification }));
    expect(error.message).toBe(`EmailVerificationRecipe.init: ${message}`);
  });

  it('the recipe needs sessions', async () => {
    const recipeList = [EmailVerificationRecipe.init({ mode: 'REQUIRED' })];
    const error = await bootError(() => startEmailVerificationApp(framework, { auth: { recipeList } }));
    expect(error.message).toMatch('recipeList has EmailVerificationRecipe, which needs the recipe session.');
  });

  it('options may come from a factory', async () => {
    const recipeList = [
      SessionRecipe.init(),
      EmailPasswordRecipe.init(),
      EmailVerificationRecipe.initAsync({ useFactory: async () => ({ mode: 'REQUIRED' }) }),
    ];
    const { client } = await signUp(await start({ auth: { recipeList } }));
    expect((await client.get('/me')).status).toBe(403);
  });
});
