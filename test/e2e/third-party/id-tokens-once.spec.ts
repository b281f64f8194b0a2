import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CoreOptions, OAuthTokens } from 'latchkey';
import type { AuthApp } from '../../support/auth-app.js';
import { startCoreService } from '../../support/core-service.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { FakeProvider } from '../../support/fake-provider.js';
import { lentSchema } from '../../support/kept-schemas.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';
import { finishSignIn, startSignIn } from '../../support/third-party-sign-in.js';

const databases: [string, () => Promise<{ core: CoreOptions; remove: () => Promise<void> }>][] = [
  [
    'SQLite',
    async () => {
      const folder = await temporaryFolder();
      return { core: { sqlite: folder.path('auth.sqlite') }, remove: () => folder.remove() };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const { schema, pools, giveBack } = lentSchema();
      return { core: { postgres: pools[0], schema }, remove: giveBack };
    },
  ],
];

const clients = [
  { clientType: 'web', clientId: 'client-id', clientSecret: 'secret' },
  { clientType: 'mobile', clientId: 'client-id', clientSecret: 'secret', acceptsOAuthTokens: true },
];
const REFUSED = { status: 'GENERAL_ERROR', message: expect.stringContaining('did not succeed') };

describe.each(databases)('An id token that a client brings, of two replicas over one %s', (_name, openDatabase) => {
  let fake: FakeProvider;
  let replicas: AuthApp[];
  let remove: () => Promise<void>;
  let count = 0;

  beforeAll(async () => {
    fake = await FakeProvider.start();
    const database = await openDatabase();
    remove = database.remove;
    const providers = [{ thirdPartyId: 'openid', oidcDiscoveryEndpoint: fake.url, clients }];
    // Time goes an hour ahead in one of the tests, and attempts of that hour would count in the others.
    const auth = { core: database.core, attemptLimits: false as const };
    const start = () => startThirdPartyApp('Express', { thirdParty: { providers }, auth });
    replicas = [await start(), await start()];
  });
  beforeEach(() => fake.answerDiscovery());
  afterEach(() => void jest.restoreAllMocks());
  afterAll(async () => {
    for (const { app } of replicas) await app.close();
    await fake.close();
    await remove();
  });

  const idToken = (claims: Record<string, unknown> = {}) =>
    fake.idToken({ sub: `sub-${++count}`, email: `user-${count}@example.com`, ...claims });

  async function bring(id_token: string, replica = 0, clientType = 'mobile'): Promise<{ status: string }> {
    const oAuthTokens: OAuthTokens = { id_token };
    const body = { thirdPartyId: 'openid', clientType, oAuthTokens };
    const response = await replicas[replica]!.client().auth('signinup', body);
    return (await response.json()) as { status: string };
  }

  it('is taken only from the client that may bring one', async () => {
    const token = await idToken();
    expect(await bring(token, 0, 'web')).toEqual(REFUSED);
    expect(await bring(token)).toMatchObject({ status: 'OK' });
  });

  it.each([
    ['a nonce', { nonce: 'n-1' }],
    ['a jti', { jti: 'j-1' }],
    ['neither', {}],
  ])('is good once, on whichever replica, with %s', async (_what, claims) => {
    const token = await idToken(claims);
    expect(await bring(token)).toMatchObject({ status: 'OK' });
    expect(await bring(token)).toEqual(REFUSED);
    expect(await bring(token, 1)).toEqual(REFUSED);
    // A second form of the same signature: what is left of its last character means nothing.
    const second = token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
    const signatureOf = (text: string) => Buffer.from(text.split('.')[2]!, 'base64url');
    expect(signatureOf(second)).toEqual(signatureOf(token));
    expect(await bring(second)).toEqual(REFUSED);
  });

  it('lets one of ten in that come with it at once', async () => {
    const token = await idToken();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => bring(token, at % 2)));
    expect(answers.filter(({ status }) => status === 'OK')).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 'GENERAL_ERROR')).toHaveLength(9);
  });

  it('is too old ten minutes after it was issued, and stays spent while one clock or another may take it', async () => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    expect(await bring(await idToken({ iat: nowSeconds - 601, exp: nowSeconds + 3600 }))).toEqual(REFUSED);

    const token = await idToken({ exp: nowSeconds + 86_400 });
    expect(await bring(token)).toMatchObject({ status: 'OK' });
    const goTo = clockAhead();
    for (const minutes of [9, 11, 21, 60]) {
      goTo(minutes * 60_000);
      expect(await bring(token, 1)).toEqual(REFUSED);
    }
  });

  it('is spent where it came by a code', async () => {
    const client = replicas[0]!.client();
    const started = await startSignIn(client, { thirdPartyId: 'openid', clientType: 'mobile' });
    const id_token = await idToken();
    fake.server.answer('/token', { access_token: 'a', token_type: 'bearer', id_token });
    const redirect = { redirectURI: 'http://127.0.0.1:3000/auth/callback/local', query: { code: 'c' } };
    const answer = await finishSignIn(client, started, redirect, { thirdPartyId: 'openid', clientType: 'mobile' });
    expect(await answer.json()).toMatchObject({ status: 'OK' });
    expect(await bring(id_token, 1)).toEqual(REFUSED);
  });
});

describe('An id token over a core that keeps no spent ones', () => {
  it('is good once in a process, and one that is no token beside an accepted access token is nothing', async () => {
    const fake = await FakeProvider.start();
    const service = await startCoreService();
    fake.answerDiscovery();
    fake.server.answer('/me', { sub: 'me', email: 'me@example.com' });
    const accepting = [{ clientId: 'client-id', acceptsOAuthTokens: true }];
    const endpoints = { authorizationEndpoint: `${fake.url}/authorize`, tokenEndpoint: `${fake.url}/token` };
    const checked = {
      thirdPartyId: 'checked',
      ...endpoints,
      userInfoEndpoint: `${fake.url}/me`,
      clients: accepting,
      validateAccessToken: async () => {},
    };
    const openid = { thirdPartyId: 'openid', oidcDiscoveryEndpoint: fake.url, clients: accepting };
    const core = { connectionURI: service.url };
    const auth = await startThirdPartyApp('Express', { thirdParty: { providers: [openid, checked] }, auth: { core } });
    const bring = async (thirdPartyId: string, oAuthTokens: OAuthTokens) =>
      (await (await auth.client().auth('signinup', { thirdPartyId, oAuthTokens })).json()) as { status: string };
    try {
      const id_token = await fake.idToken({ sub: '1', email: 'ada@example.com' });
      const twice = await Promise.all([bring('openid', { id_token }), bring('openid', { id_token })]);
      expect(twice.map(({ status }) => status).sort()).toEqual(['GENERAL_ERROR', 'OK']);
      expect(await bring('checked', { access_token: 'a', id_token: 'no token' })).toMatchObject({ status: 'OK' });
    } finally {
      await auth.app.close();
      await service.close();
      await fake.close();
    }
  });
});
