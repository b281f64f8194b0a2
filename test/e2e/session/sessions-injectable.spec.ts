import { Body, Controller, Get, HttpCode, Post, Req, Res, UnauthorizedException } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SessionFunctions, Sessions } from 'latchkey';
import { clearsHeaders, cookiesSet, exposedHeaders, frontTokenOf, saysNothingOfTokens } from '../../support/answers.js';
import { onExpress } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

/** An application's own way in, by a code that came in a letter. */
@Controller('letter')
class LetterController {
  constructor(private readonly sessions: Sessions) {}

  @Post('signin')
  @HttpCode(200)
  async signIn(
    @Req() request: unknown,
    @Res({ passthrough: true }) response: unknown,
    @Body() { code }: { code?: string },
  ) {
    if (code !== '1234') throw new UnauthorizedException('Wrong code');
    const session = await this.sessions.createNewSession(request, response, {
      userId: 'ada',
      accessTokenPayload: { by: 'letter' },
      sessionDataInDatabase: { code },
    });
    await session.mergeIntoAccessTokenPayload({ welcome: true });
    return { userId: session.getUserId(), onRequest: (request as { session?: unknown }).session === session };
  }

  /** Without passthrough: the framework's own response is sent by hand. */
  @Post('signin-by-hand')
  async signInByHand(
    @Req() request: unknown,
    @Res() response: { status(code: number): { send(body: unknown): void } },
  ) {
    await this.sessions.createNewSession(request, response, { userId: 'ada' });
    response.status(202).send({ own: true });
  }

  @Post('signin-at-tenant')
  async signInAtTenant(
    @Req() request: unknown,
    @Res({ passthrough: true }) response: unknown,
    @Body() { tenantId }: { tenantId: string },
  ) {
    const session = await this.sessions.createNewSession(request, response, { userId: 'ada', tenantId });
    return { tenantId: session.getTenantId() };
  }

  @Get('who')
  async who(@Req() request: unknown, @Res({ passthrough: true }) response: unknown) {
    const session = await this.sessions.getSession(request, response, { sessionRequired: false });
    return { userId: session?.getUserId() ?? null };
  }

  @Get('who/checked')
  async whoChecked(@Req() request: unknown, @Res({ passthrough: true }) response: unknown) {
    const session = await this.sessions.getSession(request, response, { checkDatabase: true });
    return { userId: session?.getUserId() };
  }

  @Post('rotate')
  @HttpCode(200)
  async rotate(@Req() request: unknown, @Res({ passthrough: true }) response: unknown) {
    const session = await this.sessions.refreshSession(request, response);
    return { handle: session.getHandle() };
  }
}

describe.each(onExpress)('Sessions in application code on %s', (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, { controllers: [LetterController] });
  });
  afterAll(() => app.close());

  describe.each(['header', 'cookie'] as const)('in %s mode', (mode) => {
    test("an application's own sign-in route starts a session like any other", async () => {
      const client = app.client(mode);
      const response = await client.post('/letter/signin', { code: '1234' });
      expect(await response.json()).toEqual({ userId: 'ada', onRequest: true });
      expect(frontTokenOf(response).up).toMatchObject({ by: 'letter', welcome: true });
      expect(cookiesSet(response)).toHaveLength(mode === 'cookie' ? 2 : 0);
      expect(exposedHeaders(response)).toContain('front-token');
      expect(await (await client.get('/me')).json()).toMatchObject({ payload: { by: 'letter', welcome: true } });
      expect((await client.refresh()).status).toBe(200);
      expect((await client.signOut()).status).toBe(200);
    });

    test('it also works where the application sends the response by hand', async () => {
      const client = app.client(mode);
      const response = await client.post('/letter/signin-by-hand', {});
      expect([response.status, await response.json()]).toEqual([202, { own: true }]);
      expect((await client.get('/me')).status).toBe(200);
    });

    test('a refused sign-in gives no token', async () => {
      const response = await app.client(mode).post('/letter/signin', { code: 'guess' });
      expect(response.status).toBe(401);
      expect(saysNothingOfTokens(response)).toBe(true);
    });

    test('getSession looks at the tokens of the request', async () => {
      const { client } = await app.signedIn(mode, { userId: 'grace' });
      expect(await (await client.get('/letter/who')).json()).toEqual({ userId: 'grace' });
      expect(await (await client.get('/letter/who/checked')).json()).toEqual({ userId: 'grace' });
    });
  });

  test('getSession gives undefined or the answer of the wire, as its options say', async () => {
    expect(await (await fetch(`${app.url}/letter/who`)).json()).toEqual({ userId: null });
    const refused = await fetch(`${app.url}/letter/who/checked`);
    expect([refused.status, await refused.json()]).toEqual([401, { message: 'unauthorised' }]);

    const { client, handle } = await app.signedIn();
    await app.app.get(SessionFunctions, { strict: false }).revokeSession({ sessionHandle: handle });
    expect(await (await client.get('/letter/who')).json()).toEqual({ userId: null });
    expect((await client.get('/letter/who/checked')).status).toBe(401);
  });

  test('a second sign-in replaces the tokens of the first', async () => {
    const { client, handle } = await app.signedIn('cookie', { userId: 'grace' });
    const response = await client.post('/letter/signin', { code: '1234' });
    expect(cookiesSet(response)).toHaveLength(2);
    const me = (await (await client.get('/me')).json()) as { userId: string; handle: string };
    expect(me.userId).toBe('ada');
    expect(me.handle).not.toBe(handle);
  });

  const signInAt = (tenantId: string) => app.client().post('/letter/signin-at-tenant', { tenantId });

  test('the tenant must exist', async () => {
    expect(await (await signInAt('public')).json()).toEqual({ tenantId: 'public' });
    const refused = await signInAt('nowhere');
    expect([refused.status, await refused.json()]).toEqual([400, { message: 'Unknown tenant: nowhere' }]);
    expect(saysNothingOfTokens(refused)).toBe(true);
  });

  test('refreshSession rotates the tokens of the request', async () => {
    const { client, handle } = await app.signedIn('header');
    const { refreshToken } = client.tokens;
    const response = await client.post('/letter/rotate', {}, { headers: { authorization: `Bearer ${refreshToken}` } });
    expect(await response.json()).toEqual({ handle });
    expect(client.tokens.refreshToken).not.toBe(refreshToken);
    expect((await client.get('/me')).status).toBe(200);
  });

  test('refreshSession without a token is a 401 that clears', async () => {
    const response = await fetch(`${app.url}/letter/rotate`, { method: 'POST' });
    expect([response.status, await response.json()]).toEqual([401, { message: 'unauthorised' }]);
    expect(clearsHeaders(response)).toBe(true);
  });
});
