import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { Session, SessionContainer, SessionFunctions } from 'latchkey';
import { frontTokenOf } from '../../support/answers.js';
import { PASSWORD } from '../../support/auth-app.js';
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
  type SignedUp,
} from '../../support/email-verification-app.js';
import { onExpress } from '../../support/frameworks.js';

@Controller('welcome')
class WelcomeController {
  @Get()
  @Session({ overrideGlobalClaimValidators: (validators) => validators.filter(({ id }) => id !== 'st-ev') })
  welcome(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

describe.each(onExpress)('Email verification in REQUIRED mode on %s', (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    app = await startEmailVerificationApp(framework, { controllers: [WelcomeController] });
  });
  afterAll(() => app.close());

  it('lets nobody with an unverified email into a guarded route, save where the route says otherwise', async () => {
    const before = Date.now();
    const { client, userId } = await signUp(app);
    expect(claimOf(client)).toEqual({ v: false, t: expect.any(Number) });
    expect(claimOf(client)!.t).toBeGreaterThanOrEqual(before);
    expect(claimOf(client)!.t).toBeLessThanOrEqual(Date.now());

    const refused = await client.get('/me');
    expect([refused.status, await refused.json()]).toEqual([403, UNVERIFIED]);
    expect(await (await client.get('/welcome')).json()).toEqual({ userId });
  });

  it('sends a link to the website with the token and the tenant', async () => {
    const user = await signUp(app);
    const link = await requestLink(app, user);
    expect(`${link.origin}${link.pathname}`).toBe('https://www.example.com/auth/verify-email');
    expect(Object.fromEntries(link.searchParams)).toEqual({
      token: expect.stringMatching(/^[\w-]{64}$/),
      tenantId: 'public',
    });
    const { user: recipient, tenantId } = await app.emails.nextEmailVerification(user.email);
    expect(recipient).toEqual({ id: user.userId, recipeUserId: user.userId, email: user.email });
    expect(tenantId).toBe('public');
  });

  it.each(['header', 'cookie'] as const)('opens at once to the session that follows the link: %s', async (transfer) => {
    const user = await signUp(app, undefined, transfer);
    const answer = await verify(user.client, await requestToken(app, user));
    expect([answer.status, await answer.json()]).toEqual([200, OK]);
    expect(frontTokenOf(answer).up['st-ev']).toMatchObject({ v: true });

    expect((await user.client.get('/me')).status).toBe(200);
    await user.client.refresh();
    expect((await user.client.get('/me')).status).toBe(200);
  });

  it('opens to a session that asks after the link was followed elsewhere, without a new sign-in', async () => {
    const user = await signUp(app);
    const elsewhere = await verify(app.client(), await requestToken(app, user));
    expect(await elsewhere.json()).toEqual(OK);
    expect(elsewhere.headers.has('front-token')).toBe(false);
    expect((await user.client.get('/me')).status).toBe(403);

    const answer = await isVerified(user.client);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'OK', isVerified: true }]);
    expect(frontTokenOf(answer).up['st-ev']).toMatchObject({ v: true });
    expect((await user.client.get('/me')).status).toBe(200);
  });

  it('opens to a session that asks for another link after the first one was followed elsewhere', async () => {
    const user = await signUp(app);
    await verify(app.client(), await requestToken(app, user));
    const sent = app.emails.emailVerifications.length;

    expect(await (await askForLink(user.client)).json()).toEqual(ALREADY_VERIFIED);
    expect((await user.client.get('/me')).status).toBe(200);
    expect(app.emails.emailVerifications).toHaveLength(sent);
  });

  it('opens by itself to a session whose news are older than ten seconds', async () => {
    const user = await signUp(app);
    await verify(app.client(), await requestToken(app, user));
    await grow(user, 2);
    expect((await user.client.get('/me')).status).toBe(403);
    await grow(user, 11);
    const answer = await user.client.get('/me');
    expect(answer.status).toBe(200);
    expect(frontTokenOf(answer).up['st-ev']).toMatchObject({ v: true });
  });

  it('asks again after ten seconds also where nothing has changed, and then waits again', async () => {
    const user = await signUp(app);
    await grow(user, 11);
    const before = Date.now();
    const refused = await user.client.get('/me');
    expect([refused.status, await refused.json()]).toEqual([403, UNVERIFIED]);
    expect(claimOf(user.client)).toMatchObject({ v: false });
    expect(claimOf(user.client)!.t).toBeGreaterThanOrEqual(before);
  });

  it('tells what is true in every later session', async () => {
    const user = await signUp(app);
    await verify(app.client(), await requestToken(app, user));
    const client = app.client();
    await client.signIn(user.email, PASSWORD);
    expect(claimOf(client)).toMatchObject({ v: true });
    expect((await client.get('/me')).status).toBe(200);
  });

  it('leaves the session of somebody else alone who follows the link', async () => {
    const [user, other] = [await signUp(app), await signUp(app)];
    const answer = await verify(other.client, await requestToken(app, user));
    expect(await answer.json()).toEqual(OK);
    expect(answer.headers.has('front-token')).toBe(false);
    expect((await other.client.get('/me')).status).toBe(403);
    expect(await (await isVerified(other.client)).json()).toEqual({ status: 'OK', isVerified: false });
    expect(await (await isVerified(user.client)).json()).toEqual({ status: 'OK', isVerified: true });
  });

  it('lets a user out and refresh who has not verified', async () => {
    const { client } = await signUp(app);
    expect((await client.refresh()).status).toBe(200);
    expect(claimOf(client)).toMatchObject({ v: false });
    expect(await (await client.signOut()).json()).toEqual(OK);
  });

  /** Makes the news of a session as old as that. */
  async function grow({ client, userId }: SignedUp, seconds: number): Promise<void> {
    const functions = app.app.get(SessionFunctions);
    const [sessionHandle] = await functions.getAllSessionHandlesForUser({ userId });
    const accessTokenPayloadUpdate = { 'st-ev': { v: false, t: Date.now() - seconds * 1000 } };
    await functions.mergeIntoAccessTokenPayload({ sessionHandle: sessionHandle!, accessTokenPayloadUpdate });
    await client.refresh();
  }
});
