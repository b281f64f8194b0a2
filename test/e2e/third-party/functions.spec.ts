import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EmailPasswordRecipe,
  EmailVerificationFunctions,
  EmailVerificationRecipe,
  generalError,
  ThirdPartyApi,
  ThirdPartyFunctions,
  type ManuallyCreateOrUpdateUserInput,
  type ThirdPartySignInUpPOSTInput,
  type VerifyEmailUsingTokenInput,
} from 'latchkey';
import { newEmail, type AuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';
import { TestOidcProvider } from '../../support/oidc-provider.js';
import { localProvider, startThirdPartyApp } from '../../support/third-party-app.js';
import { signInByProvider } from '../../support/third-party-sign-in.js';

const verified: string[] = [];

@Injectable()
class WatchedEmailVerification extends EmailVerificationFunctions {
  override async verifyEmailUsingToken(input: VerifyEmailUsingTokenInput) {
    const result = await super.verifyEmailUsingToken(input);
    if (result.status === 'OK') verified.push(result.user.email);
    return result;
  }
}

@Injectable()
class GuardedFunctions extends ThirdPartyFunctions {
  override async manuallyCreateOrUpdateUser(input: ManuallyCreateOrUpdateUserInput) {
    if (input.email.startsWith('blocked')) return { status: 'SIGN_IN_UP_NOT_ALLOWED' as const, reason: 'Blocked.' };
    return super.manuallyCreateOrUpdateUser(input);
  }
}

@Injectable()
class GuardedApi extends ThirdPartyApi {
  override async signInUpPOST(input: ThirdPartySignInUpPOSTInput) {
    const result = await super.signInUpPOST(input);
    if (result.status === 'NO_EMAIL_GIVEN_BY_PROVIDER') return generalError(`${input.provider.name} knows no email.`);
    return result;
  }
}

describe.each(onFastify)('The functions of ThirdParty on %s', (framework) => {
  let provider: TestOidcProvider;
  let auth: AuthApp;
  let functions: ThirdPartyFunctions;

  beforeAll(async () => {
    provider = await TestOidcProvider.start();
    auth = await startThirdPartyApp(framework, {
      thirdParty: {
        providers: [localProvider(provider)],
        override: { functions: GuardedFunctions, apis: GuardedApi },
      },
      recipes: [
        EmailPasswordRecipe.init(),
        EmailVerificationRecipe.init({ mode: 'REQUIRED', override: { functions: WatchedEmailVerification } }),
      ],
    });
    functions = auth.app.get(ThirdPartyFunctions);
  });
  afterAll(async () => {
    await auth.app.close();
    await provider.close();
  });

  async function create(input: Partial<ManuallyCreateOrUpdateUserInput> = {}) {
    const identity = { thirdPartyId: 'local', thirdPartyUserId: newEmail(), email: newEmail(), isVerified: true };
    const result = await functions.manuallyCreateOrUpdateUser({ ...identity, ...input });
    if (result.status !== 'OK') throw new Error(result.status);
    return result;
  }

  it('find users by what they are', async () => {
    const { user, recipeUserId } = await create({ thirdPartyUserId: 'known', email: 'Known@Example.com' });
    expect(await functions.getUserById({ userId: user.id })).toEqual(user);
    expect(await functions.getUserById({ userId: recipeUserId })).toEqual(user);
    expect(await functions.getUserById({ userId: 'nobody' })).toBeUndefined();
    const identity = { thirdPartyId: 'local', thirdPartyUserId: 'known' };
    expect(await functions.getUserByThirdPartyInfo(identity)).toEqual(user);
    expect(await functions.getUserByThirdPartyInfo({ ...identity, thirdPartyUserId: 'Known' })).toBeUndefined();
    expect(await functions.getUserByThirdPartyInfo({ ...identity, thirdPartyId: 'other' })).toBeUndefined();
  });

  it('find all who have an email, but not who has a password', async () => {
    const email = newEmail();
    await auth.client().signUp(email, 'correct-horse-1');
    const first = await create({ email });
    const second = await create({ email: email.toUpperCase(), thirdPartyId: 'other' });
    const found = await functions.getUsersByEmail({ email });
    expect(found.map(({ id }) => id).sort()).toEqual([first.user.id, second.user.id].sort());
  });

  it('give a provider, or none', async () => {
    expect(await functions.getProvider({ thirdPartyId: 'local' })).toMatchObject({ id: 'local', name: 'Local' });
    expect(await functions.getProvider({ thirdPartyId: 'toString' })).toBeUndefined();
    expect((await functions.listProviders({})).map(({ id }) => id)).toEqual(['local']);
  });

  it('hand on what the provider has said to who signs in by them', async () => {
    const oAuthTokens = { access_token: 'a' };
    const rawUserInfoFromProvider = { fromUserInfoAPI: { name: 'Ada' } };
    const identity = { thirdPartyId: 'local', thirdPartyUserId: newEmail(), email: newEmail(), isVerified: false };
    const result = await functions.signInUp({ ...identity, oAuthTokens, rawUserInfoFromProvider });
    expect(result).toMatchObject({ status: 'OK', createdNewRecipeUser: true, oAuthTokens, rawUserInfoFromProvider });
  });

  it('verify an email through EmailVerification, once', async () => {
    verified.length = 0;
    const email = newEmail();
    const { user } = await create({ email, thirdPartyUserId: email });
    expect(user.loginMethods[0]?.verified).toBe(true);
    await create({ email, thirdPartyUserId: email });
    expect(verified).toEqual([email]);
    const verification = auth.app.get(EmailVerificationFunctions);
    expect(await verification.isEmailVerified({ recipeUserId: user.id, email })).toBe(true);
  });

  it('verify no email that the provider does not vouch for', async () => {
    verified.length = 0;
    const { user } = await create({ isVerified: false });
    expect(user.loginMethods[0]?.verified).toBe(false);
    expect(verified).toEqual([]);
  });

  it.each([
    [true, 200],
    [false, 403],
  ])(
    'let a session pass where emails must be verified, if the provider says %j of it',
    async (email_verified, status) => {
      const { sub } = provider.addAccount({ email_verified });
      const client = auth.client();
      const response = await signInByProvider(client, provider, sub);
      expect(await response.json()).toMatchObject({ user: { loginMethods: [{ verified: email_verified }] } });
      const up = JSON.parse(Buffer.from(client.tokens.frontToken!, 'base64').toString()) as { up: object };
      expect(up.up).toMatchObject({ 'st-ev': { v: status === 200 } });
    },
  );

  it('are seen by every way in when overridden', async () => {
    const blocked = provider.addAccount({ email: 'blocked@provider.example' });
    const client = auth.client();
    const response = await signInByProvider(client, provider, blocked.sub);
    expect(await response.json()).toEqual({ status: 'SIGN_IN_UP_NOT_ALLOWED', reason: 'Blocked.' });
    expect(client.tokens).toEqual({});

    const nameless = provider.addAccount({ email: undefined });
    const answer = await (await signInByProvider(auth.client(), provider, nameless.sub)).json();
    expect(answer).toEqual({ status: 'GENERAL_ERROR', message: 'Local knows no email.' });
  });
});
