import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmailVerificationRecipe } from 'latchkey';
import { around, newEmail, PASSWORD } from '../../support/auth-app.js';
import { startCombinedApp } from '../../support/combined-app.js';
import type { EmailPasswordApp } from '../../support/email-password-app.js';
import { claimOf, OK, requestToken, signUp, verify } from '../../support/email-verification-app.js';
import { onExpress } from '../../support/frameworks.js';
import { TestOidcProvider } from '../../support/oidc-provider.js';
import { localProvider } from '../../support/third-party-app.js';
import { signInByProvider } from '../../support/third-party-sign-in.js';

describe.each(onExpress)('Both ways in with email verification on %s', (framework) => {
  let provider: TestOidcProvider;
  let app: EmailPasswordApp;

  beforeEach(async () => {
    provider = await TestOidcProvider.start();
    const started = await startCombinedApp(framework, {
      combined: { providers: [localProvider(provider)] },
      recipes: [EmailVerificationRecipe.init({ mode: 'OPTIONAL' })],
    });
    app = { ...around(started), emails: started.emails(), close: () => started.app.close() };
  });
  afterEach(async () => {
    await app.close();
    await provider.close();
  });

  it('a password needs the link, and a reset by its link is as good', async () => {
    const user = await signUp(app);
    expect(claimOf(user.client)).toMatchObject({ v: false });
    expect(await (await verify(user.client, await requestToken(app, user))).json()).toMatchObject(OK);
    expect(claimOf(user.client)).toMatchObject({ v: true });

    const other = await signUp(app);
    await app.client().auth('user/password/reset/token', { formFields: [{ id: 'email', value: other.email }] });
    const { passwordResetLink } = await app.emails.nextPasswordReset(other.email);
    const token = new URL(passwordResetLink).searchParams.get('token');
    const formFields = [{ id: 'password', value: PASSWORD }];
    await app.client().auth('user/password/reset', { method: 'token', token, formFields });
    const again = app.client();
    await again.signIn(other.email, PASSWORD);
    expect(claimOf(again)).toMatchObject({ v: true });
  });

  it.each([true, false])('a provider that says verified: %s, is believed for its own user alone', async (verified) => {
    const email = newEmail();
    const byPassword = await signUp(app, email);
    const { sub } = provider.addAccount({ email, email_verified: verified });
    const byProvider = app.client();
    await signInByProvider(byProvider, provider, sub);
    expect(claimOf(byProvider)).toMatchObject({ v: verified });
    await byPassword.client.refresh();
    expect(claimOf(byPassword.client)).toMatchObject({ v: false });
  });
});
