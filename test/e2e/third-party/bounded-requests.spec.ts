import { afterEach, beforeEach, expect, describe, it } from '@jest/globals';
import type { Server } from 'node:http';
import { promisify } from 'node:util';
import type { AuthApp } from '../../support/auth-app.js';
import { FakeProvider } from '../../support/fake-provider.js';
import { onFastify } from '../../support/frameworks.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';
import { askForAuthorisationURL, finishSignIn } from '../../support/third-party-sign-in.js';
import { waitUntil } from '../../support/wait-until.js';

const DISCOVERY = '/.well-known/openid-configuration';
const BUSY = { message: 'The service is busy. Please try again.' };
const REFUSED = {
  status: 'GENERAL_ERROR',
  message: 'Signing in with Acme did not succeed. Please try again.',
};
const WEBSITE = 'http://127.0.0.1:3000/';

interface Outcome {
  status: number;
  body: { status?: string };
  retryAfter: string | null;
}

describe.each(onFastify)('Requests to a provider that hangs are bounded, on %s', (framework) => {
  let fake: FakeProvider;
  let other: FakeProvider;
  let auth: AuthApp;
  let release: () => void;

  beforeEach(async () => {
    [fake, other] = [await FakeProvider.start(), await FakeProvider.start()];
    for (const each of [fake, other]) {
      each.answerDiscovery({ userinfo_endpoint: `${each.url}/me` });
      each.server.answer('/token', { access_token: 'a', token_type: 'bearer' });
      each.server.answer('/me', { sub: '1', email: 'ada@example.com', email_verified: true });
    }
    const clients = [{ clientId: 'client-id', clientSecret: 's', scope: ['email'] }];
    auth = await startThirdPartyApp(framework, {
      thirdParty: {
        concurrentProviderRequests: 2,
        waitingProviderRequests: 3,
        providers: [
          { thirdPartyId: 'acme', name: 'Acme', oidcDiscoveryEndpoint: fake.url, clients },
          { thirdPartyId: 'other', oidcDiscoveryEndpoint: other.url, clients },
        ],
      },
      auth: { attemptLimits: false },
    });
  });
  afterEach(async () => {
    release?.();
    await auth.app.close();
    await Promise.all([fake.close(), other.close()]);
  });

  /** Every answer at that path waits until `release` is called. */
  function hold(path: string, body: object): void {
    const held = new Promise<void>((resolve) => (release = resolve));
    const headers = { 'content-type': 'application/json' };
    const change = async () => {
      await held;
      return { status: 200, headers, body: JSON.stringify(body) };
    };
    fake.server.tamper(path, { change });
  }

  async function outcomeOf(answer: Promise<Response>): Promise<Outcome> {
    const { status, headers, ...response } = await answer.then(async (got) => ({
      status: got.status,
      headers: got.headers,
      body: (await got.json()) as Outcome['body'],
    }));
    return { status, body: response.body, retryAfter: headers.get('retry-after') };
  }

  const signIn = (code: string, thirdPartyId = 'acme') =>
    outcomeOf(finishSignIn(auth.client(), {}, { redirectURI: WEBSITE, query: { code } }, { thirdPartyId }));
  const askForURL = (thirdPartyId = 'acme') => outcomeOf(askForAuthorisationURL(auth.client(), { thirdPartyId }));

  /** Sends them all, and waits until so many are answered while the others cannot be. */
  async function sendAll(sends: (() => Promise<Outcome>)[], answered: number) {
    const outcomes: Outcome[] = [];
    const all = Promise.all(sends.map(async (send) => outcomes.push(await send())));
    await waitUntil(async () => outcomes.length === answered);
    const early = [...outcomes];
    return { early, finish: () => all.then(() => outcomes.slice(answered)) };
  }

  function expectBusy(outcomes: Outcome[]): void {
    for (const { status, body, retryAfter } of outcomes) {
      expect({ status, body }).toEqual({ status: 503, body: BUSY });
      expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
    }
  }

  it('as sign-ins: two are asked for, three wait, the rest is told to come again; other providers go on', async () => {
    hold('/token', { access_token: 'a', token_type: 'bearer' });
    const codes = Array.from({ length: 9 }, (_, number) => `code-${number}`);
    const { early, finish } = await sendAll(
      codes.map((code) => () => signIn(code)),
      4,
    );
    expectBusy(early);
    await waitUntil(async () => fake.server.to('/token').length === 2);
    // Where the browser goes is known, and needs no request.
    expect((await askForURL()).body.status).toBe('OK');
    expect((await signIn('x', 'other')).body.status).toBe('OK');
    expect(fake.server.to('/token')).toHaveLength(2);

    release();
    expect((await finish()).map(({ body }) => body.status)).toEqual(['OK', 'OK', 'OK', 'OK', 'OK']);
    expect(fake.server.to('/token')).toHaveLength(5);
  });

  it('as sign-ins whose clients are gone: they leave the line before the provider is asked', async () => {
    hold('/token', { access_token: 'a', token_type: 'bearer' });
    const server = auth.app.getHttpServer() as Server;
    const aborts = new AbortController();
    const post = (code: string, signal?: AbortSignal) => {
      const redirectURIInfo = { redirectURIOnProviderDashboard: WEBSITE, redirectURIQueryParams: { code } };
      const headers = { connection: 'close' };
      return auth.client().post('/auth/signinup', { thirdPartyId: 'acme', redirectURIInfo }, { headers, signal });
    };
    const gone = Promise.allSettled(Array.from({ length: 5 }, (_, at) => post(`gone-${at}`, aborts.signal)));
    const connections = promisify(server.getConnections.bind(server));
    await waitUntil(async () => fake.server.to('/token').length === 2 && (await connections()) === 5);
    aborts.abort();
    await gone;
    await waitUntil(async () => (await connections()) === 0);

    const { early, finish } = await sendAll(
      Array.from({ length: 4 }, (_, at) => () => outcomeOf(post(`code-${at}`))),
      1,
    );
    expectBusy(early);
    expect(fake.server.to('/token')).toHaveLength(2);
    release();
    expect((await finish()).map(({ body }) => body.status)).toEqual(['OK', 'OK', 'OK']);
    expect(fake.server.to('/token')).toHaveLength(5);
  });

  it('as addresses to send browsers to: its document is asked for once', async () => {
    hold(DISCOVERY, {
      issuer: fake.url,
      authorization_endpoint: `${fake.url}/authorize`,
      token_endpoint: `${fake.url}/token`,
    });
    const { early, finish } = await sendAll(
      Array.from({ length: 9 }, () => () => askForURL()),
      4,
    );
    expectBusy(early);
    expect(fake.server.to(DISCOVERY)).toHaveLength(1);
    expect((await askForURL('other')).body.status).toBe('OK');

    release();
    expect((await finish()).map(({ body }) => body.status)).toEqual(['OK', 'OK', 'OK', 'OK', 'OK']);
    expect(fake.server.to(DISCOVERY)).toHaveLength(1);
  });

  it('redeem a code once, however often it is brought at once', async () => {
    hold('/token', { access_token: 'a', token_type: 'bearer' });
    const { early, finish } = await sendAll(
      Array.from({ length: 8 }, () => () => signIn('the-code')),
      7,
    );
    expect(early.map(({ body }) => body)).toEqual(Array.from({ length: 7 }, () => REFUSED));
    // The same letters at another provider are another code.
    expect((await signIn('the-code', 'other')).body.status).toBe('OK');

    release();
    expect((await finish()).map(({ body }) => body.status)).toEqual(['OK']);
    expect(fake.server.to('/token')).toHaveLength(1);

    // Whether it works a second time is the provider's to say.
    expect((await signIn('the-code')).body.status).toBe('OK');
    expect(fake.server.to('/token')).toHaveLength(2);
  });
});
