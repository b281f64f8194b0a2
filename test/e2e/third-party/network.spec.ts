import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ThirdPartyProviderOptions } from 'latchkey';
import type { AuthApp } from '../../support/auth-app.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { FakeProvider } from '../../support/fake-provider.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';
import { askForAuthorisationURL, finishSignIn } from '../../support/third-party-sign-in.js';
import { waitUntil } from '../../support/wait-until.js';

const DISCOVERY = '/.well-known/openid-configuration';
const HOUR_MS = 3_600_000;
const UNAVAILABLE = {
  status: 'GENERAL_ERROR',
  message: 'Signing in with Acme is not possible at the moment. Please try again later.',
};
const redirect = { redirectURI: 'http://127.0.0.1:3000/', query: { code: 'c' } };
const acme = { thirdPartyId: 'acme' };

describe('A provider on the network', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let fake: FakeProvider;
  let auth: AuthApp;

  beforeEach(async () => {
    fake = await FakeProvider.start();
    fake.answerDiscovery();
    closing.push(() => fake.close());
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  afterAll(() => expect(closing).toEqual([]));

  async function start(options: Partial<ThirdPartyProviderOptions> = {}, providerTimeoutMs = 5000): Promise<void> {
    const client = { clientId: 'client-id', clientSecret: 's', scope: ['openid'] };
    auth = await startThirdPartyApp('Express', {
      thirdParty: {
        providerTimeoutMs,
        providers: [
          { ...acme, name: 'Acme', oidcDiscoveryEndpoint: fake.url, clients: [client], ...options },
          {
            thirdPartyId: 'other',
            clients: [client],
            authorizationEndpoint: 'https://other.example/authorize',
            tokenEndpoint: 'https://other.example/token',
          },
        ],
      },
    });
    closing.push(() => auth.app.close());
  }

  const ask = async (options = acme) =>
    (await (await askForAuthorisationURL(auth.client(), options)).json()) as {
      status: string;
      urlWithQueryParams: string;
    };
  const finish = async () => (await finishSignIn(auth.client(), {}, redirect, acme)).json();

  it('is not asked before somebody wants to sign in by it, and then once', async () => {
    await start();
    expect(await (await auth.client().get('/auth/loginmethods')).json()).toMatchObject({ status: 'OK' });
    expect(fake.server.requests).toEqual([]);
    await Promise.all([1, 2, 3, 4].map(() => ask()));
    await ask();
    expect(fake.server.to(DISCOVERY)).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['is down', () => void fake.server.tamper(DISCOVERY, 'broken')],
    ['answers 500', () => fake.server.answer(DISCOVERY, { error: 'x' }, 500)],
    ['answers a page', () => fake.server.answer(DISCOVERY, '<html></html>')],
    [
      'answers half of it',
      () => fake.server.answer(DISCOVERY, '{"issuer":"', 200, { 'content-type': 'application/json' }),
    ],
    ['answers a list', () => fake.server.answer(DISCOVERY, [])],
    ['answers null', () => fake.server.answer(DISCOVERY, null)],
    ['names no endpoints', () => fake.answerDiscovery({ authorization_endpoint: undefined })],
    ['names an endpoint that is no address', () => fake.answerDiscovery({ authorization_endpoint: 'nowhere' })],
    ['is another one than it says', () => fake.answerDiscovery({ issuer: 'https://accounts.google.com' })],
    ['redirects', () => fake.server.answer(DISCOVERY, {}, 302, { location: `${fake.url}/elsewhere` })],
    ['answers without end', () => fake.server.answer(DISCOVERY, { filler: 'x'.repeat(2_000_000) })],
  ])('harms only its own button when it %s, and works again as soon as it is better', async (_how, spoil) => {
    await start();
    spoil();
    expect(await ask()).toEqual(UNAVAILABLE);
    expect(await ask({ thirdPartyId: 'other' })).toMatchObject({ status: 'OK' });
    expect(await (await auth.client().get('/auth/loginmethods')).json()).toMatchObject({ status: 'OK' });
    expect(fake.server.to('/elsewhere')).toEqual([]);
    fake.answerDiscovery();
    expect(await ask()).toMatchObject({ status: 'OK' });
  });

  it('is given up after a while', async () => {
    await start({}, 200);
    const release = fake.server.hold(DISCOVERY);
    expect(await ask()).toEqual(UNAVAILABLE);
    release();
    fake.answerDiscovery();
    await waitUntil(async () => (await ask()).status === 'OK');
  });

  it.each<[string, () => void]>([
    ['is down', () => void fake.server.tamper('/token', 'broken')],
    ['answers 500', () => fake.server.answer('/token', 'oops', 500)],
    ['answers a page', () => fake.server.answer('/token', '<html></html>')],
    ['answers nothing', () => fake.server.answer('/token', '', 200)],
    ['answers a list', () => fake.server.answer('/token', ['a'])],
    ['answers without a token', () => fake.server.answer('/token', { token_type: 'bearer' })],
    ['answers a token that is no text', () => fake.server.answer('/token', { access_token: {}, token_type: 'bearer' })],
    ['does not know us', () => fake.server.answer('/token', { error: 'invalid_client' }, 401)],
    ['answers without end', () => fake.server.answer('/token', { access_token: 'x'.repeat(2_000_000) })],
    ['sends us elsewhere', () => fake.server.answer('/token', {}, 307, { location: `${fake.url}/elsewhere` })],
  ])('is told apart from a user who is refused when its token endpoint %s', async (_how, spoil) => {
    await start();
    spoil();
    expect(await finish()).toEqual(UNAVAILABLE);
    expect(fake.server.to('/elsewhere')).toEqual([]);
  });

  it.each([
    ['by the book', 400],
    ['in the manner of GitHub', 200],
  ])('refuses a code %s, and says why in the log only', async (_how, status) => {
    await start();
    const error_description = 'The code 123 is not yours';
    fake.server.answer('/token', { error: 'invalid_grant', error_description }, status);
    const answer = await finish();
    expect(answer).toEqual({ status: 'GENERAL_ERROR', message: expect.stringContaining('did not succeed') });
    expect(JSON.stringify(answer)).not.toContain('123');
  });

  it.each<[string, unknown, number]>([
    ['is down', 'oops', 500],
    ['answers a list', [{ sub: '1' }], 200],
    ['answers null', null, 200],
    ['answers text', '"sub"', 200],
  ])('lets nobody in when its user info %s', async (_how, body, status) => {
    fake.answerDiscovery({ userinfo_endpoint: `${fake.url}/me` });
    await start();
    fake.server.answer('/token', { access_token: 'a', token_type: 'bearer' });
    fake.server.answer('/me', body, status);
    expect(await finish()).toEqual(UNAVAILABLE);
  });

  it('is used from memory, and asked again in the background when its document has grown old', async () => {
    fake.server.answer(
      DISCOVERY,
      {
        issuer: fake.url,
        authorization_endpoint: `${fake.url}/first`,
        token_endpoint: `${fake.url}/token`,
      },
      200,
      { 'cache-control': 'public, max-age=600' },
    );
    await start();
    const endpoint = async () => new URL((await ask()).urlWithQueryParams).pathname;
    expect(await endpoint()).toBe('/first');

    const setClockForward = clockAhead();
    setClockForward(599_000);
    fake.server.answer(DISCOVERY, {}, 503);
    expect(await endpoint()).toBe('/first');
    expect(fake.server.to(DISCOVERY)).toHaveLength(1);

    setClockForward(602_000);
    expect(await endpoint()).toBe('/first');
    await waitUntil(async () => fake.server.to(DISCOVERY).length >= 2);
    fake.answerDiscovery({ authorization_endpoint: `${fake.url}/second` });
    // A failure is not followed by another request for a while.
    let aheadMs = 602_000;
    await waitUntil(async () => {
      setClockForward((aheadMs += 31_000));
      return (await endpoint()) === '/second';
    }, HOUR_MS);
  });

  it('is given up when it has been silent for a day', async () => {
    await start();
    expect(await ask()).toMatchObject({ status: 'OK' });
    fake.server.tamper(DISCOVERY, 'broken');
    clockAhead()(25 * HOUR_MS);
    expect(await ask()).toEqual(UNAVAILABLE);
  });

  it('is not asked without encryption, unless it is on this machine or the application wants it', async () => {
    const far = {
      oidcDiscoveryEndpoint: undefined,
      authorizationEndpoint: 'https://id.acme.example/authorize',
      tokenEndpoint: 'http://id.acme.example:1/token',
    };
    await start(far);
    expect(await finish()).toEqual(UNAVAILABLE);
  });
});
