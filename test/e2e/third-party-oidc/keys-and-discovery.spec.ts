import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { type AuthApp } from '../../support/auth-app.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { onExpress } from '../../support/frameworks.js';
import { ENDPOINTS, TestOidcProvider } from '../../support/oidc-provider.js';
import { localProvider, startThirdPartyApp } from '../../support/third-party-app.js';
import { askForAuthorisationURL, signInByProvider } from '../../support/third-party-sign-in.js';
import { waitUntil } from '../../support/wait-until.js';

describe.each(onExpress)('What is kept of a provider on %s', (framework) => {
  const providers: TestOidcProvider[] = [];
  let auth: AuthApp | undefined;

  afterEach(async () => {
    jest.restoreAllMocks();
    await auth?.app.close();
    auth = undefined;
    await Promise.all(providers.splice(0).map((provider) => provider.close()));
  });

  async function startProvider(): Promise<TestOidcProvider> {
    const provider = await TestOidcProvider.start();
    providers.push(provider);
    return provider;
  }

  async function signsIn(app: AuthApp, provider: TestOidcProvider, thirdPartyId = 'local'): Promise<boolean> {
    const { sub } = provider.addAccount();
    const response = await signInByProvider(app.client(), provider, sub, { thirdPartyId });
    return ((await response.json()) as { status: string }).status === 'OK';
  }

  it('is asked for once for many sign-ins', async () => {
    const provider = await startProvider();
    auth = await startThirdPartyApp(framework, { thirdParty: { providers: [localProvider(provider)] } });
    expect(provider.proxy.requests).toEqual([]);
    for (let round = 0; round < 3; round++) expect(await signsIn(auth, provider)).toBe(true);

    expect(provider.proxy.to(ENDPOINTS.discovery)).toHaveLength(1);
    expect(provider.proxy.to(ENDPOINTS.jwks)).toHaveLength(1);
  });

  it('is asked for once where many ask at once', async () => {
    const provider = await startProvider();
    const app = (auth = await startThirdPartyApp(framework, { thirdParty: { providers: [localProvider(provider)] } }));
    const answers = await Promise.all(Array.from({ length: 8 }, () => askForAuthorisationURL(app.client())));

    for (const answer of answers) expect(await answer.json()).toMatchObject({ status: 'OK' });
    expect(provider.proxy.to(ENDPOINTS.discovery)).toHaveLength(1);
  });

  it.each([true, false])(
    'does not lock users out when the provider changes its key (the old one stays: %p)',
    async (keepOld) => {
      const provider = await startProvider();
      const app = (auth = await startThirdPartyApp(framework, {
        thirdParty: { providers: [localProvider(provider)] },
      }));
      const kids = new Set<unknown>();
      const watch = () =>
        provider.forgeIdTokens(({ withClaims }) => {
          const idToken = withClaims({});
          kids.add(decodeProtectedHeader(idToken).kid);
          return idToken;
        });
      watch();
      const setClockAhead = clockAhead();
      expect(await signsIn(app, provider)).toBe(true);
      provider.rotateKeys({ keepOld });

      // There is a pause between two requests for keys, so that tokens of unknown keys cannot make us ask all the time.
      expect(await signsIn(app, provider)).toBe(false);
      expect(provider.proxy.to(ENDPOINTS.jwks)).toHaveLength(1);
      setClockAhead(31_000);
      expect(await signsIn(app, provider)).toBe(true);
      expect(kids.size).toBe(2);
    },
  );

  it('is refreshed in the background: nobody waits for it', async () => {
    const provider = await startProvider();
    provider.proxy.tamper(ENDPOINTS.discovery, {
      change: (answer) => ({ ...answer, headers: { ...answer.headers, 'cache-control': 'max-age=0' } }),
    });
    auth = await startThirdPartyApp(framework, { thirdParty: { providers: [localProvider(provider)] } });
    expect(await (await askForAuthorisationURL(auth.client())).json()).toMatchObject({ status: 'OK' });
    const release = provider.proxy.hold(ENDPOINTS.discovery);
    const answer = await askForAuthorisationURL(auth.client());

    expect(await answer.json()).toMatchObject({ status: 'OK' });
    await waitUntil(async () => provider.proxy.to(ENDPOINTS.discovery).length === 2);
    release();
  });

  it('is used while the provider cannot be asked again', async () => {
    const provider = await startProvider();
    provider.proxy.tamper(ENDPOINTS.discovery, {
      change: (answer) => ({ ...answer, headers: { ...answer.headers, 'cache-control': 'max-age=0' } }),
    });
    auth = await startThirdPartyApp(framework, { thirdParty: { providers: [localProvider(provider)] } });
    await askForAuthorisationURL(auth.client());
    provider.proxy.answer(ENDPOINTS.discovery, 'broken', 500);
    for (let round = 0; round < 3; round++) {
      expect(await (await askForAuthorisationURL(auth.client())).json()).toMatchObject({ status: 'OK' });
    }
  });

  it('and missing of one that is down harms neither the start nor other providers', async () => {
    const [provider, down] = [await startProvider(), await startProvider()];
    const downAsConfigured = { ...localProvider(down), thirdPartyId: 'down' };
    await down.close();
    const app = (auth = await startThirdPartyApp(framework, {
      thirdParty: { providers: [localProvider(provider), downAsConfigured] },
    }));

    expect(await (await app.client().get('/auth/loginmethods')).json()).toMatchObject({
      thirdParty: { providers: [{ id: 'local' }, { id: 'down' }] },
    });
    expect(await (await askForAuthorisationURL(app.client(), { thirdPartyId: 'down' })).json()).toEqual({
      status: 'GENERAL_ERROR',
      message: 'Signing in with Local is not possible at the moment. Please try again later.',
    });
    expect(await signsIn(app, provider)).toBe(true);
  });

  it('and waiting for one that is slow does not hold up the others', async () => {
    const [provider, slow] = [await startProvider(), await startProvider()];
    const app = (auth = await startThirdPartyApp(framework, {
      thirdParty: { providers: [localProvider(provider), { ...localProvider(slow), thirdPartyId: 'slow' }] },
    }));
    const release = slow.proxy.hold(ENDPOINTS.discovery);
    let hasAnswered = false;
    const waiting = askForAuthorisationURL(app.client(), { thirdPartyId: 'slow' }).finally(() => (hasAnswered = true));
    await waitUntil(async () => slow.proxy.to(ENDPOINTS.discovery).length === 1);

    expect(await (await askForAuthorisationURL(app.client())).json()).toMatchObject({ status: 'OK' });
    expect(hasAnswered).toBe(false);
    release();
    expect(await (await waiting).json()).toMatchObject({ status: 'OK' });
  });
});
