import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type EmailPasswordApi,
  EmailPasswordFunctions,
  type ThirdPartyApi,
  ThirdPartyEmailPasswordFunctions,
  ThirdPartyFunctions,
} from 'latchkey';
import { formFields } from 'latchkey/testing';
import { EmailPasswordPartApi, ThirdPartyPartApi } from '../../../lib/recipes/third-party-email-password/part-apis.js';
import {
  EmailPasswordPartFunctions,
  ThirdPartyPartFunctions,
} from '../../../lib/recipes/third-party-email-password/part-functions.js';
import { newEmail, PASSWORD, type AuthApp } from '../../support/auth-app.js';
import { startCombinedApp } from '../../support/combined-app.js';
import { CallRecorder, definitionOf, everyRecipe } from '../../support/every-recipe.js';
import { onFastify } from '../../support/frameworks.js';
import { TestOidcProvider } from '../../support/oidc-provider.js';
import { localProvider } from '../../support/third-party-app.js';
import { signInByProvider } from '../../support/third-party-sign-in.js';

const NAME = 'ThirdPartyEmailPasswordFunctions';

/** Application code that knows only one of the parts. */
@Injectable()
class ApplicationService {
  constructor(
    readonly emailPassword: EmailPasswordFunctions,
    readonly thirdParty: ThirdPartyFunctions,
  ) {}
}

describe.each(onFastify)('Functions of the combined recipe on %s', (framework) => {
  const recorder = new CallRecorder();
  let provider: TestOidcProvider;
  let auth: AuthApp;
  let application: ApplicationService;

  beforeAll(async () => {
    provider = await TestOidcProvider.start();
    const functions = recorder.recorded(ThirdPartyEmailPasswordFunctions) as typeof ThirdPartyEmailPasswordFunctions;
    auth = await startCombinedApp(framework, {
      combined: { providers: [localProvider(provider)], override: { functions } },
      application: { providers: [ApplicationService] },
    });
    application = auth.app.get(ApplicationService);
  });
  beforeEach(() => {
    recorder.take();
  });
  afterAll(async () => {
    await auth.app.close();
    await provider.close();
  });

  const seen = () => [...recorder.take()].map((name) => name.replace(`${NAME}.`, ''));

  it('are reached from every route', async () => {
    const email = newEmail();
    const client = auth.client();
    await client.signUp(email, PASSWORD);
    const signUp = ['emailPasswordSignUp', 'createNewEmailPasswordRecipeUser'];
    expect(seen()).toEqual(['checkNewPassword', ...signUp, 'areCredentialsCurrent']);
    await client.signIn(email, PASSWORD);
    expect(seen()).toEqual(['emailPasswordSignIn', 'emailPasswordVerifyCredentials', 'areCredentialsCurrent']);
    await client.get(`/auth/signup/email/exists?email=${email}`);
    expect(seen()).toEqual(['emailPasswordGetUserByEmail']);
    await client.auth('user/password/reset/token', formFields({ email }));
    const { passwordResetLink } = await auth.emails().nextPasswordReset(email);
    expect(seen()).toEqual(['emailPasswordGetUserByEmail', 'createResetPasswordToken']);
    const token = new URL(passwordResetLink).searchParams.get('token');
    await client.auth('user/password/reset', {
      method: 'token',
      token,
      ...formFields({ password: 'another-1-horse' }),
    });
    expect(seen()).toEqual(expect.arrayContaining(['checkNewPassword', 'resetPasswordUsingToken', 'getUserById']));

    const { sub } = provider.addAccount();
    expect(await (await signInByProvider(client, provider, sub)).json()).toMatchObject({ status: 'OK' });
    // One calls the other, and finds its override.
    expect(seen()).toEqual(['thirdPartyGetProvider', 'thirdPartySignInUp', 'thirdPartyManuallyCreateOrUpdateUser']);
    await client.get('/auth/loginmethods');
    expect(seen()).toEqual(['thirdPartyListProviders']);
  });

  it('are reached by application code that injects a part', async () => {
    const email = newEmail();
    const identity = { thirdPartyId: 'local', thirdPartyUserId: `moved-${email}` };
    const signedUp = await application.emailPassword.signUp({ email, password: PASSWORD });
    const moved = await application.thirdParty.manuallyCreateOrUpdateUser({ ...identity, email, isVerified: true });

    expect(signedUp).toMatchObject({ status: 'OK', user: { emails: [email] } });
    expect(moved).toMatchObject({ status: 'OK', createdNewRecipeUser: true });
    expect(await application.thirdParty.getUserByThirdPartyInfo(identity)).toMatchObject({ emails: [email] });
    expect(await application.emailPassword.getUserByEmail({ email })).toMatchObject({ thirdParty: [] });
    expect(seen()).toEqual([
      'emailPasswordSignUp',
      'createNewEmailPasswordRecipeUser',
      'thirdPartyManuallyCreateOrUpdateUser',
      'getUserByThirdPartyInfo',
      'emailPasswordGetUserByEmail',
    ]);
  });

  it('find everybody with an email, by whatever way they come in', async () => {
    const email = newEmail();
    const functions = auth.app.get(ThirdPartyEmailPasswordFunctions, { strict: false });
    expect(await functions.getUsersByEmail({ email })).toEqual([]);
    for (const thirdPartyId of ['local', 'google']) {
      await functions.thirdPartyManuallyCreateOrUpdateUser({
        thirdPartyId,
        thirdPartyUserId: email,
        email,
        isVerified: false,
      });
    }
    await functions.emailPasswordSignUp({ email, password: PASSWORD });

    const users = await functions.getUsersByEmail({ email });
    expect(users.map(({ loginMethods }) => loginMethods[0]!.thirdParty?.id ?? 'password').sort()).toEqual([
      'google',
      'local',
      'password',
    ]);
    expect(await application.thirdParty.getUsersByEmail({ email })).toHaveLength(2);
    expect(new Set(users.map(({ id }) => id)).size).toBe(3);
  });
});

describe('The combined recipe', () => {
  /** `keyof` a class is what is public of it: a method that is not named here does not compile. */
  const emailPasswordFunctions: Record<keyof EmailPasswordFunctions, true> = {
    signUp: true,
    signIn: true,
    createNewRecipeUser: true,
    verifyCredentials: true,
    createResetPasswordLink: true,
    sendResetPasswordEmail: true,
    consumePasswordResetToken: true,
    areCredentialsCurrent: true,
    getUserById: true,
    getUserByEmail: true,
    createResetPasswordToken: true,
    checkNewPassword: true,
    resetPasswordUsingToken: true,
    updateEmailOrPassword: true,
  };
  const thirdPartyFunctions: Record<keyof ThirdPartyFunctions, true> = {
    signInUp: true,
    manuallyCreateOrUpdateUser: true,
    getUserById: true,
    getUsersByEmail: true,
    getUserByThirdPartyInfo: true,
    getProvider: true,
    listProviders: true,
  };
  const emailPasswordApi: Record<keyof EmailPasswordApi, true> = {
    emailExistsGET: true,
    signUpPOST: true,
    signInPOST: true,
    generatePasswordResetTokenPOST: true,
    passwordResetPOST: true,
  };
  const thirdPartyApi: Record<keyof ThirdPartyApi, true> = {
    authorisationUrlGET: true,
    signInUpPOST: true,
    appleRedirectHandlerPOST: true,
    loginMethodsGET: true,
  };

  it.each([
    [EmailPasswordPartFunctions, emailPasswordFunctions],
    [ThirdPartyPartFunctions, thirdPartyFunctions],
    [EmailPasswordPartApi, emailPasswordApi],
    [ThirdPartyPartApi, thirdPartyApi],
  ])('overrides every method of a part: %p', (part, methods) => {
    expect(Object.getOwnPropertyNames(part.prototype)).toEqual(expect.arrayContaining(Object.keys(methods)));
  });

  it('decides every route of its parts', () => {
    const definition = everyRecipe.map(definitionOf).find(({ id }) => id === 'thirdpartyemailpassword')!;

    for (const { recipe, routes } of definition.parts!) {
      expect(Object.keys(routes).sort()).toEqual(Object.keys(recipe.definition.routes).sort());
    }
  });
});
