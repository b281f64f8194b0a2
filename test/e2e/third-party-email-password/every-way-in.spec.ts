import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  generalError,
  ThirdPartyEmailPasswordApi,
  type EmailExistsGETInput,
  type SignInUpAPIInput,
  type SignInUpAPIOutput,
} from 'latchkey';
import { formFields } from 'latchkey/testing';
import { newEmail, PASSWORD, type AuthApp } from '../../support/auth-app.js';
import { startCombinedApp } from '../../support/combined-app.js';
import { onFastify } from '../../support/frameworks.js';
import { REDIRECT_URI, TestOidcProvider } from '../../support/oidc-provider.js';
import { localProvider } from '../../support/third-party-app.js';
import { finishSignIn, signInByProvider, startSignIn } from '../../support/third-party-sign-in.js';

/** What the override has seen, and what it does about it. */
const seen: { input: SignInUpAPIInput; output: SignInUpAPIOutput }[] = [];
let decide: (input: SignInUpAPIInput) => SignInUpAPIOutput | undefined = () => undefined;

@Injectable()
class Watched extends ThirdPartyEmailPasswordApi {
  override async signInUpPOST(input: SignInUpAPIInput): Promise<SignInUpAPIOutput> {
    const output = decide(input) ?? (await super.signInUpPOST(input));
    seen.push({ input, output });
    return output;
  }

  override async emailExistsGET(input: EmailExistsGETInput) {
    if (input.email === 'hidden@example.com') return { status: 'OK' as const, exists: false };
    return super.emailExistsGET(input);
  }
}

describe.each(onFastify)('One override of signInUpPOST on %s', (framework) => {
  let provider: TestOidcProvider;
  let auth: AuthApp;

  beforeAll(async () => {
    provider = await TestOidcProvider.start();
    auth = await startCombinedApp(framework, {
      combined: { providers: [localProvider(provider, { acceptsOAuthTokens: true })], override: { apis: Watched } },
    });
  });
  afterEach(() => {
    seen.length = 0;
    decide = () => undefined;
    provider.proxy.reset();
  });
  afterAll(async () => {
    await auth.app.close();
    await provider.close();
  });

  const rid = { headers: { rid: 'thirdpartyemailpassword' } };

  it('sees sign-up and sign-in by password', async () => {
    const email = newEmail();
    const signUp = await auth.client().post('/auth/signup', formFields({ email, password: PASSWORD }), rid);
    const taken = await auth.client().post('/auth/signup', formFields({ email, password: PASSWORD }), rid);
    const signIn = await auth.client().post('/auth/signin', formFields({ email, password: PASSWORD }), rid);
    const wrong = await auth.client().post('/auth/signin', formFields({ email, password: 'wrong-1-password' }), rid);

    const byPassword = { type: 'emailpassword', tenantId: 'public' };
    expect(seen).toMatchObject([
      {
        input: { ...byPassword, isSignIn: false, formFields: formFields({ email, password: PASSWORD }).formFields },
        output: { type: 'emailpassword', status: 'OK', createdNewUser: true, user: { emails: [email] } },
      },
      {
        input: { ...byPassword, isSignIn: false },
        output: { type: 'emailpassword', status: 'EMAIL_ALREADY_EXISTS_ERROR' },
      },
      {
        input: { ...byPassword, isSignIn: true },
        output: { type: 'emailpassword', status: 'OK', createdNewUser: false, user: { emails: [email] } },
      },
      {
        input: { ...byPassword, isSignIn: true },
        output: { type: 'emailpassword', status: 'WRONG_CREDENTIALS_ERROR' },
      },
    ]);
    expect(seen.map(({ input }) => input.options.recipeId)).toEqual(Array(4).fill('thirdpartyemailpassword'));
    const user = expect.objectContaining({ emails: [email] });
    expect(await signUp.json()).toEqual({ status: 'OK', user });
    expect(await signIn.json()).toEqual({ status: 'OK', user });
    expect(await wrong.json()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    const error = 'This email already exists. Please sign in instead.';
    expect(await taken.json()).toEqual({ status: 'FIELD_ERROR', formFields: [{ id: 'email', error }] });
    expect([signUp, signIn, taken, wrong].map(({ headers }) => headers.has('front-token'))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('sees sign-in by a provider', async () => {
    const { sub, email } = provider.addAccount();
    const client = auth.client();
    const started = await startSignIn(client);
    const redirect = await provider.signIn(started.url.href, sub);
    const response = await finishSignIn(client, started, redirect);

    expect(seen).toMatchObject([
      {
        input: {
          type: 'thirdparty',
          provider: { id: 'local' },
          code: redirect.query.code,
          redirectURI: REDIRECT_URI,
          redirectURIQueryParams: { iss: provider.issuer },
          pkceCodeVerifier: started.pkceCodeVerifier,
          options: { recipeId: 'thirdpartyemailpassword' },
        },
        output: {
          type: 'thirdparty',
          status: 'OK',
          createdNewUser: true,
          user: { emails: [email] },
          authCodeResponse: { access_token: expect.any(String), id_token: expect.any(String) },
          rawUserInfoFromProvider: { fromIdTokenPayload: { sub } },
        },
      },
    ]);
    const user = expect.objectContaining({ thirdParty: [{ id: 'local', userId: sub }] });
    expect(await response.json()).toEqual({ status: 'OK', createdNewRecipeUser: true, user });
    expect((await client.refresh()).status).toBe(200);
  });

  it('sees tokens that a client has got by itself, and no code', async () => {
    const { sub } = provider.addAccount();
    let tokens: { id_token: string } | undefined;
    decide = (input) => {
      if (input.type === 'thirdparty') tokens = input.oAuthTokens as { id_token: string } | undefined;
      return undefined;
    };
    // Not the one that comes by the code, which is good once.
    let id_token = '';
    provider.forgeIdTokens(({ withClaims }) => {
      id_token = withClaims({ jti: 'another one' });
      return withClaims({});
    });
    await signInByProvider(auth.client(), provider, sub);
    provider.proxy.reset();
    const response = await auth.client().post('/auth/signinup', { thirdPartyId: 'local', oAuthTokens: { id_token } });

    expect(tokens).toEqual({ id_token });
    expect(seen[1]!.input).toMatchObject({ type: 'thirdparty', code: '', redirectURI: '' });
    // The provider puts no email into the id token alone.
    expect(await response.json()).toEqual({ status: 'NO_EMAIL_GIVEN_BY_PROVIDER' });
  });

  it.each<[string, SignInUpAPIOutput, object]>([
    ['a message', generalError('By invitation only.'), { status: 'GENERAL_ERROR', message: 'By invitation only.' }],
    [
      'the error of a field',
      { type: 'thirdparty', status: 'FIELD_ERROR', error: 'This email is not welcome.' },
      { status: 'FIELD_ERROR', error: 'This email is not welcome.' },
    ],
    [
      'that there is no email',
      { type: 'thirdparty', status: 'NO_EMAIL_GIVEN_BY_PROVIDER' },
      { status: 'NO_EMAIL_GIVEN_BY_PROVIDER' },
    ],
    [
      'that it is not allowed',
      { type: 'thirdparty', status: 'SIGN_IN_UP_NOT_ALLOWED', reason: 'Closed.' },
      { status: 'SIGN_IN_UP_NOT_ALLOWED', reason: 'Closed.' },
    ],
  ])('answers %s to who comes from a provider, without asking it', async (_kind, output, body) => {
    const { sub } = provider.addAccount();
    const started = await startSignIn(auth.client());
    const redirect = await provider.signIn(started.url.href, sub);
    decide = () => output;
    provider.proxy.reset();
    const response = await finishSignIn(auth.client(), started, redirect);

    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body });
    expect(provider.proxy.requests).toEqual([]);
    expect(response.headers.has('front-token')).toBe(false);
  });

  it.each<[string, SignInUpAPIOutput, object]>([
    ['a message', generalError('Closed.'), { status: 'GENERAL_ERROR', message: 'Closed.' }],
    [
      'that it is not allowed',
      { type: 'emailpassword', status: 'SIGN_UP_NOT_ALLOWED', reason: 'Closed.' },
      { status: 'SIGN_UP_NOT_ALLOWED', reason: 'Closed.' },
    ],
    [
      'errors of fields',
      { type: 'emailpassword', status: 'FIELD_ERROR', formFields: [{ id: 'email', error: 'No.' }] },
      { status: 'FIELD_ERROR', formFields: [{ id: 'email', error: 'No.' }] },
    ],
  ])('answers %s to who comes by password', async (_kind, output, body) => {
    decide = () => output;
    const response = await auth.client().signUp(newEmail(), PASSWORD);

    expect(await response.json()).toEqual(body);
  });

  it('may let users of a provider in under another redirect address and code', async () => {
    const { sub } = provider.addAccount();
    const started = await startSignIn(auth.client());
    const redirect = await provider.signIn(started.url.href, sub);
    const { code, ...others } = redirect.query;
    decide = (input) => {
      if (input.type === 'thirdparty') Object.assign(input, { code });
      return undefined;
    };
    const response = await finishSignIn(auth.client(), started, { ...redirect, query: { ...others, code: 'another' } });

    expect(await response.json()).toMatchObject({ status: 'OK' });
  });

  it('does not get in the way of answers of its own', async () => {
    decide = (input) => {
      input.options.res.setStatusCode(202);
      input.options.res.sendJSONResponse({ mine: input.type });
      return undefined as never;
    };
    const { sub } = provider.addAccount();
    const started = await startSignIn(auth.client());
    const redirect = await provider.signIn(started.url.href, sub);
    const answers = [
      await auth.client().signUp(newEmail(), PASSWORD),
      await finishSignIn(auth.client(), started, redirect),
    ];

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([
      { mine: 'emailpassword' },
      { mine: 'thirdparty' },
    ]);
  });

  it('is told by name what it has forgotten to return', async () => {
    const { sub } = provider.addAccount();
    const started = await startSignIn(auth.client());
    const redirect = await provider.signIn(started.url.href, sub);
    decide = () => ({ type: 'thirdparty', status: 'OK' }) as never;
    const answers = [
      await auth.client().signIn(newEmail(), PASSWORD),
      await finishSignIn(auth.client(), started, redirect),
    ];

    expect(answers.map(({ status }) => status)).toEqual([500, 500]);
    expect(answers.map(({ headers }) => headers.has('front-token'))).toEqual([false, false]);
  });

  it('leaves the other methods to their own overrides', async () => {
    await auth.client().signUp('hidden@example.com', PASSWORD);
    await auth.client().signUp('shown@example.com', PASSWORD);
    const ask = async (email: string) => (await auth.client().get(`/auth/signup/email/exists?email=${email}`)).json();

    expect(await ask('hidden@example.com')).toEqual({ status: 'OK', exists: false });
    expect(await ask('shown@example.com')).toEqual({ status: 'OK', exists: true });
    const loginMethods = await (await auth.client().get('/auth/loginmethods')).json();
    expect(loginMethods).toMatchObject({
      emailPassword: { enabled: true },
      thirdParty: { enabled: true, providers: [{ id: 'local', name: 'Local' }] },
      firstFactors: ['emailpassword', 'thirdparty'],
    });
  });
});
