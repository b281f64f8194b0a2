import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DISABLED, EmailPasswordApi, generalError, SessionApi } from 'latchkey';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';

class Closed extends EmailPasswordApi {
  override signUpPOST = DISABLED;
  override async signInPOST() {
    return generalError('closed');
  }
}

class OwnSession extends SessionApi {
  override signOutPOST = DISABLED;
}

const keys = async (auth: AuthApp, path: string) =>
  ((await (await auth.client().get(`${path}/jwt/jwks.json`)).json()) as { keys: { kid: string }[] }).keys;

const issuer = async (auth: AuthApp, path: string) =>
  (await (await auth.client().get(`${path}/.well-known/openid-configuration`)).json()) as { issuer: string };

describe.each(frameworks)('Two applications in one process on %s', (framework) => {
  let open: AuthApp;
  let closed: AuthApp;

  beforeAll(async () => {
    // The second one is made between the first one's making and its use.
    [open, closed] = await Promise.all([
      startAuthApp(framework, { session: { sessionExpiredStatusCode: 440, antiCsrf: 'VIA_TOKEN' } }),
      startAuthApp(framework, {
        session: { override: { apis: OwnSession } },
        emailPassword: { override: { apis: Closed } },
        auth: {
          appInfo: {
            appName: 'Closed',
            apiDomain: 'https://api.example.com',
            websiteDomain: 'https://example.com',
            apiBasePath: '/login',
          },
        },
      }),
    ]);
  });
  afterAll(() => Promise.all([open.app.close(), closed.app.close()]));

  it('have paths, overrides and options of their own', async () => {
    const [inOpen, inClosed] = [open.client(), closed.client({ apiBasePath: '/login' })];

    expect(await (await inOpen.signUp(newEmail(), PASSWORD)).json()).toMatchObject({ status: 'OK' });
    expect((await inOpen.signOut()).status).toBe(200);
    expect((await open.client({ apiBasePath: '/login' }).signUp(newEmail(), PASSWORD)).status).toBe(404);

    expect((await inClosed.signUp(newEmail(), PASSWORD)).status).toBe(404);
    expect((await inClosed.signOut()).status).toBe(404);
    expect(await (await inClosed.signIn(newEmail(), PASSWORD)).json()).toEqual(generalError('closed'));
    expect((await closed.client().signIn(newEmail(), PASSWORD)).status).toBe(404);

    expect((await inOpen.refresh()).status).toBe(440);
    expect((await inClosed.refresh()).status).toBe(401);
  });

  it('have keys and issuers of their own', async () => {
    const kids = (await keys(open, '/auth')).map(({ kid }) => kid);

    expect((await keys(closed, '/login')).some(({ kid }) => kids.includes(kid))).toBe(false);
    expect(await issuer(open, '/auth')).toMatchObject({ issuer: 'http://127.0.0.1:3000/auth' });
    expect(await issuer(closed, '/login')).toMatchObject({ issuer: 'https://api.example.com/login' });
  });

  it('do not know each other', async () => {
    const email = newEmail();
    const client = open.client();
    await client.signUp(email, PASSWORD);

    const exists = await closed.client().get(`/login/emailpassword/email/exists?email=${email}`);
    const refresh = await closed.client({ apiBasePath: '/login' }).fetch('/login/session/refresh', {
      method: 'POST',
      headers: { authorization: `Bearer ${client.tokens.refreshToken}` },
    });

    expect(await exists.json()).toEqual({ status: 'OK', exists: false });
    expect(refresh.status).toBe(401);
  });
});
