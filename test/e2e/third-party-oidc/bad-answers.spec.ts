import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type AuthApp } from '../../support/auth-app.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { onFastify } from '../../support/frameworks.js';
import { ENDPOINTS, TestOidcProvider } from '../../support/oidc-provider.js';
import type { TamperingProxy } from '../../support/tampering-proxy.js';
import { localProvider, startThirdPartyApp } from '../../support/third-party-app.js';
import {
  askForAuthorisationURL,
  finishSignIn,
  signInByProvider,
  startSignIn,
} from '../../support/third-party-sign-in.js';

const UNAVAILABLE = {
  status: 'GENERAL_ERROR',
  message: 'Signing in with Local is not possible at the moment. Please try again later.',
};
const FAILED = { status: 'GENERAL_ERROR', message: expect.stringMatching(/^Signing in with Local /) };
const HUGE = `{"padding":"${'x'.repeat(2_000_000)}"}`;

describe.each(onFastify)('A provider that misbehaves, on %s,', (framework) => {
  let provider: TestOidcProvider;
  /** Where nothing may be sent to. */
  let elsewhere: Server;
  const arrived: string[] = [];
  let auth: AuthApp;
  /** That has not heard of the provider yet: what was read before would still be used. */
  let fresh: AuthApp;

  beforeAll(async () => {
    provider = await TestOidcProvider.start();
    elsewhere = createServer((request, response) => {
      arrived.push(`${request.method} ${request.url}`);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const thirdParty = { providers: [localProvider(provider)], providerTimeoutMs: 2000 };
    [auth, fresh] = [
      await startThirdPartyApp(framework, { thirdParty }),
      await startThirdPartyApp(framework, { thirdParty }),
    ];
  });
  afterEach(() => {
    jest.restoreAllMocks();
    provider.proxy.reset();
    arrived.length = 0;
  });
  afterAll(async () => {
    await Promise.all([auth.app.close(), fresh.app.close()]);
    await provider.close();
    elsewhere.close();
  });

  const elsewhereURL = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/stolen`;
  type Spoil = (proxy: TamperingProxy, path: string) => void;

  const nonsense: [string, Spoil][] = [
    ['a page', (proxy, path) => proxy.answer(path, '<html>Welcome</html>')],
    ['an empty answer', (proxy, path) => proxy.answer(path, '')],
    ['a list', (proxy, path) => proxy.answer(path, [])],
    ['null', (proxy, path) => proxy.answer(path, null)],
    ['an error', (proxy, path) => proxy.answer(path, { error: 'server_error' }, 500)],
    ['more than anybody needs', (proxy, path) => proxy.answer(path, HUGE, 200, { 'content-type': 'application/json' })],
    ['nothing', (proxy, path) => proxy.tamper(path, 'broken')],
    ['a redirect', (proxy, path) => proxy.answer(path, '', 307, { location: elsewhereURL() })],
  ];
  const ownDocument =
    (changes: object): Spoil =>
    (proxy, path) =>
      proxy.tamper(path, {
        change: (answer) => ({ ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), ...changes }) }),
      });

  it.each<[string, Spoil]>([
    ...nonsense,
    ['another issuer', ownDocument({ issuer: 'https://evil.example' })],
    ['no issuer', ownDocument({ issuer: undefined })],
    ['no address to go to', ownDocument({ authorization_endpoint: undefined })],
    ['a script to go to', ownDocument({ authorization_endpoint: 'javascript:alert(1)' })],
    ['no address for its keys', ownDocument({ jwks_uri: 7 })],
  ])('answering discovery with %s, offers no way in', async (_kind, spoil) => {
    spoil(provider.proxy, ENDPOINTS.discovery);
    const response = await askForAuthorisationURL(fresh.client());

    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: UNAVAILABLE });
    expect(arrived).toEqual([]);
  });

  it('offers a way in as soon as it answers discovery as it should', async () => {
    expect(await (await askForAuthorisationURL(fresh.client())).json()).toMatchObject({ status: 'OK' });
  });

  it.each<[string, Spoil]>([
    ...nonsense,
    ['a refusal', (proxy, path) => proxy.answer(path, { error: 'invalid_grant' }, 400)],
    ['an error that looks like success', (proxy, path) => proxy.answer(path, { error: 'bad_verification_code' })],
    ['no token', (proxy, path) => proxy.answer(path, { token_type: 'bearer' })],
  ])('answering for tokens with %s, lets nobody in', async (_kind, spoil) => {
    await expectNobodyIn((proxy) => spoil(proxy, ENDPOINTS.token));
  });

  it.each<[string, Spoil]>([
    ...nonsense,
    ['a refusal', (proxy, path) => proxy.answer(path, { error: 'invalid_token' }, 401)],
    ['the user info of somebody else', (proxy, path) => proxy.answer(path, { sub: 'somebody-else' })],
  ])('answering for the user with %s, lets nobody in', async (_kind, spoil) => {
    await expectNobodyIn((proxy) => spoil(proxy, ENDPOINTS.userinfo));
  });

  it.each<[string, Spoil]>([
    ...nonsense,
    ['no key', (proxy, path) => proxy.answer(path, { keys: [] })],
    ['values that are no keys', (proxy, path) => proxy.answer(path, { keys: ['nonsense', null] })],
  ])('answering for its keys with %s, lets nobody in', async (_kind, spoil) => {
    await expectNobodyIn((proxy) => spoil(proxy, ENDPOINTS.jwks), fresh);
  });

  it.each([ENDPOINTS.token, ENDPOINTS.userinfo])('and never answers at %s, is not waited for forever', async (path) => {
    const { sub } = provider.addAccount();
    const started = await startSignIn(auth.client());
    const redirect = await provider.signIn(started.url.href, sub);
    const release = provider.proxy.hold(path);
    const response = await finishSignIn(auth.client(), started, redirect);
    release();

    expect(await response.json()).toEqual(UNAVAILABLE);
  });

  async function expectNobodyIn(spoil: (proxy: TamperingProxy) => void, app = auth): Promise<void> {
    const { sub } = provider.addAccount();
    const started = await startSignIn(app.client());
    const redirect = await provider.signIn(started.url.href, sub);
    spoil(provider.proxy);
    const response = await finishSignIn(app.client(), started, redirect);

    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: FAILED });
    expect(response.headers.has('front-token')).toBe(false);
    expect(arrived).toEqual([]);
  }

  it('lets its users in as soon as it behaves', async () => {
    const { sub } = provider.addAccount();
    // For keys it is not asked again at once.
    clockAhead()(31_000);
    for (const app of [auth, fresh]) {
      const response = await signInByProvider(app.client(), provider, sub);
      expect(await response.json()).toMatchObject({ status: 'OK' });
    }
  });
});
