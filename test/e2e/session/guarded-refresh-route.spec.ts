import { Controller, Get, HttpCode, Injectable, Post } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DISABLED, Session, SessionApi, SessionContainer, SessionGuard } from 'latchkey';
import { clearsCookies, clearsHeaders, cookiesSet, frontTokenOf } from '../../support/answers.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

@Injectable()
class WithoutRefresh extends SessionApi {
  override refreshPOST = DISABLED;
}

@Controller('auth/session')
class OwnRefreshController {
  @Post('refresh')
  @HttpCode(200)
  refresh(@Session() session: SessionContainer) {
    return { refreshed: session.getHandle() };
  }

  @Get('refresh')
  read(@Session() session: SessionContainer) {
    return { read: session.getHandle() };
  }
}

@Controller('auth/session')
class OwnUnmarkedRefreshController {
  @Post('refresh')
  @HttpCode(200)
  refresh() {
    return { refreshed: true };
  }
}

describe.each(frameworks)("the application's own guarded route at the refresh path, on %s", (framework) => {
  const session = { override: { apis: WithoutRefresh } };
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, { session, controllers: [OwnRefreshController] });
  });
  afterAll(() => app.close());

  test.each(['header', 'cookie'] as const)('refreshes in %s mode', async (mode) => {
    const { client, handle } = await app.signedIn(mode, { accessTokenPayload: { plan: 'pro' } });
    for (let round = 0; round < 3; round++) {
      const before = client.tokens.refreshToken;
      const response = await client.refresh();
      expect([response.status, await response.json()]).toEqual([200, { refreshed: handle }]);
      expect(frontTokenOf(response).up).toMatchObject({ plan: 'pro' });
      expect(cookiesSet(response)).toHaveLength(mode === 'cookie' ? 2 : 0);
      if (mode === 'header') expect(client.tokens.refreshToken).not.toBe(before);
      expect((await client.get('/me')).status).toBe(200);
    }
  });

  test('is not opened by an access token', async () => {
    const { client } = await app.signedIn('header');
    const response = await client.post('/auth/session/refresh', {});
    expect([response.status, await response.json()]).toEqual([401, { message: 'unauthorised' }]);
  });

  test('answers a missing refresh token with a 401 that clears', async () => {
    const response = await fetch(`${app.url}/auth/session/refresh?again=1`, { method: 'POST' });
    expect([response.status, await response.json()]).toEqual([401, { message: 'unauthorised' }]);
    expect([clearsCookies(response), clearsHeaders(response)]).toEqual([false, true]);
  });

  test('detects theft', async () => {
    const { client } = await app.signedIn('header');
    const stolen = client.tokens.refreshToken;
    await client.refresh();
    await client.refresh();
    const response = await fetch(`${app.url}/auth/session/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stolen}` },
    });
    expect([response.status, await response.json()]).toEqual([401, { message: 'token theft detected' }]);
    expect((await client.get('/me/checked')).status).toBe(401);
  });

  test('works with SessionGuard on every route and below a global prefix', async () => {
    const prefixed = await startSessionApp(framework, {
      session,
      controllers: [OwnUnmarkedRefreshController],
      providers: [{ provide: APP_GUARD, useClass: SessionGuard }],
      configure: (nest) => void nest.setGlobalPrefix('api', { exclude: ['login', 'me'] }),
    });
    try {
      const { client } = await prefixed.signedIn('header');
      const { accessToken, refreshToken } = client.tokens;
      const refresh = (token: string) =>
        client.fetch('/api/auth/session/refresh', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
      expect((await refresh(accessToken!)).status).toBe(401);
      client.tokens = { accessToken, refreshToken };
      expect((await refresh(refreshToken!)).status).toBe(200);
      expect(client.tokens.refreshToken).not.toBe(refreshToken);
      expect((await client.get('/me')).status).toBe(200);
    } finally {
      await prefixed.close();
    }
  });

  test('only by POST: a GET at the same path asks for an access token, and spends no refresh token', async () => {
    const { client, handle } = await app.signedIn('header');
    const { accessToken, refreshToken } = client.tokens;
    const read = (token: string) =>
      client.fetch('/auth/session/refresh', { headers: { authorization: `Bearer ${token}` } });
    const response = await read(accessToken!);
    expect([response.status, await response.json()]).toEqual([200, { read: handle }]);
    expect((await read(refreshToken!)).status).toBe(401);
    expect(client.tokens.refreshToken).toBe(refreshToken);
    expect((await client.refresh()).status).toBe(200);
  });

  test('only there: elsewhere a refresh token opens nothing, and is not spent by trying', async () => {
    const { client } = await app.signedIn('header');
    const { refreshToken } = client.tokens;
    const response = await client.post('/me', {}, { headers: { authorization: `Bearer ${refreshToken}` } });
    expect(response.status).toBe(401);
    expect(client.tokens.refreshToken).toBe(refreshToken);
    expect((await client.refresh()).status).toBe(200);
  });
});
