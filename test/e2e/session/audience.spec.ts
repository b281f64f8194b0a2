import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CoreOptions, SessionFunctions } from 'latchkey';
import { Core } from '../../../lib/core/core.js';
import type { JsonObject } from '../../../lib/core/json.types.js';
import { SessionsCore } from '../../../lib/core/sessions.core.js';
import { splitToken } from '../../support/access-tokens.js';
import { frameworks } from '../../support/frameworks.js';
import { LOGIN_METHOD, startSessionApp, type SessionApp } from '../../support/session-app.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { coreFor } from '../../support/test-core.js';

const bearer = (token?: string) => ({ authorization: `Bearer ${token}` });
const audienceOf = (token?: string) => splitToken(token!).payload.aud;

describe.each(frameworks)('applications over one core, on %s', (framework) => {
  let folder: TemporaryFolder;
  let shop: SessionApp;
  let admin: SessionApp;
  /** Takes the shop's sessions as well. */
  let till: SessionApp;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const isInMemory = (globalThis.LATCHKEY_TEST_DATABASE ?? 'SQLite') === 'SQLite';
    const core: CoreOptions = isInMemory ? coreFor({ sqlite: folder.path('auth.sqlite') }) : coreFor();
    shop = await startSessionApp(framework, { core });
    admin = await startSessionApp(framework, { core });
    const accepted = { acceptedAudiences: [shop.url], acceptedIssuers: [`${shop.url}/auth/`] };
    till = await startSessionApp(framework, { core, session: { audience: 'till', ...accepted } });
  });
  afterAll(async () => {
    await Promise.all([shop, admin, till].map((app) => app?.close()));
    await folder.remove();
  });

  const me = async (app: SessionApp, token?: string) => {
    const response = await fetch(`${app.url}/me`, { headers: bearer(token) });
    return [response.status, await response.json()] as const;
  };
  const refresh = (app: SessionApp, token?: string) =>
    fetch(`${app.url}/auth/session/refresh`, { method: 'POST', headers: bearer(token) });

  it('do not take the tokens of each other', async () => {
    const { client } = await shop.signedIn();
    const { accessToken, refreshToken } = client.tokens;
    expect(audienceOf(accessToken)).toBe(shop.url);
    expect((await me(shop, accessToken))[0]).toBe(200);
    expect(await me(admin, accessToken)).toEqual([401, { message: 'unauthorised' }]);
    expect((await refresh(admin, refreshToken)).status).toBe(401);
    // An embedded core asks before it spends the token.
    const isSpent = globalThis.LATCHKEY_TEST_DATABASE === 'Remote';
    if (!isSpent) expect((await refresh(shop, refreshToken)).status).toBe(200);
  });

  it('take those of an application that they accept, and make them theirs by a refresh', async () => {
    const { client } = await shop.signedIn();
    expect((await me(till, client.tokens.accessToken))[0]).toBe(200);
    const refreshed = await refresh(till, client.tokens.refreshToken);
    const token = refreshed.headers.get('st-access-token')!;
    expect(audienceOf(token)).toBe('till');
    expect([(await me(till, token))[0], (await me(shop, token))[0]]).toEqual([200, 401]);
  });

  it('hide their audience from frontends and application code, and keep one that is given beside it', async () => {
    const { client, handle, response } = await shop.signedIn('header', {
      accessTokenPayload: { aud: 'reports', a: 1 },
    });
    const { accessToken } = client.tokens;
    expect(audienceOf(accessToken)).toEqual([shop.url, 'reports']);
    const front = JSON.parse(Buffer.from(response.headers.get('front-token')!, 'base64').toString());
    const functions = shop.app.get(SessionFunctions, { strict: false });
    const information = await functions.getSessionInformation({ sessionHandle: handle });
    const [, { payload }] = (await me(shop, accessToken)) as readonly [number, { payload: JsonObject }];
    for (const shown of [front.up, payload, information!.customClaimsInAccessTokenPayload]) {
      expect(shown).toMatchObject({ aud: 'reports', a: 1 });
    }
    const plain = await shop.signedIn();
    expect((await me(shop, plain.client.tokens.accessToken))[1]).not.toHaveProperty('payload.aud');
  });

  it('refuse an audience that is no text', async () => {
    const client = shop.client();
    expect((await client.post('/login', { accessTokenPayload: { aud: [1] } })).status).toBe(400);
  });

  it('refresh a session of before there was an audience, and give it one', async () => {
    const sessions = shop.app.get(Core, { strict: false }).port(SessionsCore);
    const make = (claims: JsonObject) =>
      sessions.createNewSession({
        tenantId: 'public',
        userId: 'ada',
        recipeUserId: LOGIN_METHOD,
        accessTokenPayload: { role: 'x', ...claims },
        sessionDataInDatabase: {},
        useDynamicSigningKey: true,
        enableAntiCsrf: false,
      });
    const old = await make({ iss: `${shop.url}/old-path` });
    expect(await me(shop, old.accessToken.token)).toEqual([401, { message: 'try refresh token' }]);
    expect((await me(admin, old.accessToken.token))[1]).toEqual({ message: 'unauthorised' });
    const token = (await refresh(shop, old.refreshToken.token)).headers.get('st-access-token')!;
    const [status, { payload }] = (await me(shop, token)) as readonly [number, { payload: JsonObject }];
    expect([status, payload.role, payload.iss]).toEqual([200, 'x', `${shop.url}/auth`]);
    expect(audienceOf(token)).toBe(shop.url);

    const ofNobody = await make({});
    expect(await me(shop, ofNobody.accessToken.token)).toEqual([401, { message: 'unauthorised' }]);
    expect((await refresh(shop, ofNobody.refreshToken.token)).status).toBe(401);
  });
});
