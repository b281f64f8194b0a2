import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthApp } from '../../support/auth-app.js';
import { ENDPOINTS, TestOidcProvider } from '../../support/oidc-provider.js';
import { localProvider, startThirdPartyApp } from '../../support/third-party-app.js';
import { finishSignIn, startSignIn } from '../../support/third-party-sign-in.js';

describe('Of two providers', () => {
  let honest: TestOidcProvider;
  let evil: TestOidcProvider;
  let auth: AuthApp;

  beforeAll(async () => {
    [honest, evil] = await Promise.all([TestOidcProvider.start(), TestOidcProvider.start()]);
    auth = await startThirdPartyApp('Express', {
      thirdParty: {
        providers: [localProvider(honest), { ...localProvider(evil), thirdPartyId: 'evil', name: 'Evil' }],
      },
    });
  });
  afterEach(() => {
    honest.proxy.reset();
    evil.proxy.reset();
  });
  afterAll(async () => {
    await auth.app.close();
    await Promise.all([honest.close(), evil.close()]);
  });

  it('one is never sent a code of the other', async () => {
    const { sub } = honest.addAccount();
    const atHonest = await startSignIn(auth.client());
    const redirect = await honest.signIn(atHonest.url.href, sub);
    expect(redirect.query.iss).toBe(honest.issuer);
    evil.proxy.requests.length = 0;

    const client = auth.client();
    const response = await finishSignIn(client, atHonest, redirect, { thirdPartyId: 'evil' });
    expect(await response.json()).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(evil.proxy.to(ENDPOINTS.token)).toEqual([]);
    expect(client.tokens).toEqual({});

    const { iss: _, ...withoutIssuer } = redirect.query;
    const stripped = await finishSignIn(client, atHonest, { ...redirect, query: withoutIssuer });
    expect(await stripped.json()).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(honest.proxy.to(ENDPOINTS.token)).toEqual([]);
    expect(await (await finishSignIn(client, atHonest, redirect)).json()).toMatchObject({ status: 'OK' });
  });

  it('one cannot pass for the other in its discovery document', async () => {
    const pretending = await TestOidcProvider.start();
    const { app } = await startThirdPartyApp('Express', { thirdParty: { providers: [localProvider(pretending)] } });
    pretending.proxy.tamper(ENDPOINTS.discovery, {
      change: (answer) => ({
        ...answer,
        body: answer.body.replaceAll(`"issuer":"${pretending.issuer}"`, `"issuer":"${honest.issuer}"`),
      }),
    });
    try {
      const url = `${await app.getUrl()}/auth/authorisationurl?thirdPartyId=local&redirectURIOnProviderDashboard=http://127.0.0.1:3000/`;
      expect(await (await fetch(url)).json()).toMatchObject({ status: 'GENERAL_ERROR' });
    } finally {
      await Promise.all([app.close(), pretending.close()]);
    }
  });

  it("one's user is nobody at the other, whatever the subject and the email", async () => {
    const account = { sub: 'same', email: 'same@example.com' };
    honest.addAccount(account);
    evil.addAccount(account);
    const users = [];
    for (const [provider, options] of [
      [honest, {}],
      [evil, { thirdPartyId: 'evil' }],
    ] as const) {
      const started = await startSignIn(auth.client(), options);
      const redirect = await provider.signIn(started.url.href, 'same');
      const response = await finishSignIn(auth.client(), started, redirect, options);
      users.push(((await response.json()) as { user: { id: string } }).user.id);
    }
    expect(new Set(users).size).toBe(2);
  });
});
