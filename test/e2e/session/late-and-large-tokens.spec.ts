import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Session, SessionContainer, SessionFunctions, Sessions } from 'latchkey';
import { cookiesSet } from '../../support/answers.js';
import { frameworks } from '../../support/frameworks.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';
import type { ServerResponse } from 'node:http';

type AnyResponse = { raw?: ServerResponse };

/** Sends the head, does the work, and tells in the body how it went. */
async function late(response: AnyResponse, work: () => Promise<unknown>): Promise<void> {
  const node = response.raw ?? (response as ServerResponse);
  node.writeHead(200, { 'content-type': 'text/plain' });
  node.write('begun ');
  const outcome = await work().then(
    () => 'done',
    (error: Error) => error.message,
  );
  node.end(outcome);
}

@Controller('late')
class LateController {
  constructor(private readonly sessions: Sessions) {}

  @Get('merge')
  merge(@Session() session: SessionContainer, @Res() response: AnyResponse) {
    return late(response, () => session.mergeIntoAccessTokenPayload({ plan: 'pro' }));
  }

  @Get('revoke')
  revoke(@Session() session: SessionContainer, @Res() response: AnyResponse) {
    return late(response, () => session.revokeSession());
  }

  @Post('create')
  create(@Req() request: unknown, @Res() response: AnyResponse) {
    return late(response, () => this.sessions.createNewSession(request, response, { userId: 'late' }));
  }

  @Post('refresh')
  refresh(@Req() request: unknown, @Res() response: AnyResponse) {
    return late(response, () => this.sessions.refreshSession(request, response));
  }
}

const LARGE = 'x'.repeat(3000);

@Controller('large')
class LargeController {
  @Get('merge')
  async merge(@Session() session: SessionContainer) {
    await session.mergeIntoAccessTokenPayload({ large: LARGE });
    return { merged: true };
  }
}

describe.each(frameworks)('On %s', (framework) => {
  const logger = new RecordedLog();
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, { controllers: [LateController, LargeController], logger });
  });
  afterAll(() => app.close());
  const functions = () => app.app.get(SessionFunctions);

  describe.each(['header', 'cookie'] as const)('after the head of an answer is sent, with tokens by %s,', (mode) => {
    test('a change of claims is kept for the next refresh', async () => {
      const { client } = await app.signedIn(mode);
      expect(await (await client.get('/late/merge')).text()).toBe('begun done');
      expect(logger.warnings().at(-1)).toContain('the client gets the change with its next refresh');
      await client.refresh();
      expect(await (await client.get('/me')).json()).toMatchObject({ payload: { plan: 'pro' } });
    });

    test('a session can be ended', async () => {
      const { client, handle } = await app.signedIn(mode);
      expect(await (await client.get('/late/revoke')).text()).toBe('begun done');
      expect(await functions().getSessionInformation({ sessionHandle: handle })).toBeUndefined();
    });

    test('no session is made and none refreshed, since its tokens would be lost', async () => {
      const { client } = await app.signedIn(mode);
      expect(await (await client.post('/late/create', {})).text()).toMatch(
        /^begun Sessions.createNewSession was called after/,
      );
      expect(await functions().getAllSessionHandlesForUser({ userId: 'late' })).toEqual([]);
      const authorization = `Bearer ${client.tokens.refreshToken}`;
      const refused = await client.post('/late/refresh', {}, mode === 'header' ? { headers: { authorization } } : {});
      expect(await refused.text()).toMatch(/^begun Sessions.refreshSession was called after/);
      expect((await client.refresh()).status).toBe(200);
    });
  });

  test('an access token that no cookie holds is refused, with the claim at fault in the log, and nothing is stored', async () => {
    const { client } = await app.signedIn('cookie', { userId: 'small' });
    expect((await client.get('/large/merge')).status).toBe(500);
    expect(logger.errors().at(-1)).toMatch(/The cookie sAccessToken would have \d{4} bytes.*large \(3002 bytes\)/s);
    await client.refresh();
    expect(await (await client.get('/me')).json()).not.toMatchObject({ payload: { large: LARGE } });

    const refused = await app.client('cookie').post('/login', { userId: 'big', accessTokenPayload: { large: LARGE } });
    expect([refused.status, cookiesSet(refused)]).toEqual([500, []]);
    expect(await functions().getAllSessionHandlesForUser({ userId: 'big' })).toEqual([]);

    const { client: byHeader } = await app.signedIn('header', { accessTokenPayload: { large: LARGE } });
    expect((await byHeader.get('/me')).status).toBe(200);
  });

  test('an empty body that is said to be JSON is taken for no body', async () => {
    const { client } = await app.signedIn('header');
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${client.tokens.refreshToken}` };
    expect((await client.fetch('/auth/session/refresh', { method: 'POST', body: '', headers })).status).toBe(200);
  });
});
