import { Injectable, type OnModuleInit } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AuthDatabase,
  BooleanClaim,
  EmailVerificationFunctions,
  EmailVerificationRecipe,
  Facts,
  SessionClaims,
  SessionFunctions,
  ThirdPartyFunctions,
  type JsonObject,
} from 'latchkey';
import { Core } from '../../../lib/core/core.js';
import { UserIdMappingCore } from '../../../lib/core/user-id-mapping.core.js';
import { newEmail, type AuthApp } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';
import { transactional } from '../../support/transactional.js';

const itInTransactions = transactional(globalThis.LATCHKEY_TEST_DATABASE !== 'Remote');

declare module 'latchkey' {
  interface FactNames {
    membership: true;
  }
}

const members = new Set<string>();
const MemberClaim = new BooleanClaim({ key: 'member', fetchValue: (userId) => members.has(userId) });

/** An application's own claim, about a fact of its own. */
@Injectable()
class Memberships implements OnModuleInit {
  constructor(private readonly claims: SessionClaims) {}

  onModuleInit(): void {
    this.claims.add(MemberClaim, undefined, undefined, ['membership']);
  }
}

describe.each(onExpress)('Sessions follow facts on %s', (framework) => {
  let auth: AuthApp;
  let thirdParty: ThirdPartyFunctions;
  let sessions: SessionFunctions;
  const addresses = new Map<string, string>();

  beforeAll(async () => {
    auth = await startThirdPartyApp(framework, {
      thirdParty: { providers: [] },
      recipes: [
        EmailVerificationRecipe.init({
          mode: 'OPTIONAL',
          getEmailForRecipeUserId(recipeUserId) {
            const email = addresses.get(recipeUserId);
            return email === undefined ? { status: 'UNKNOWN_USER_ID_ERROR' } : { status: 'OK', email };
          },
        }),
      ],
      application: { providers: [Memberships] },
    });
    thirdParty = auth.app.get(ThirdPartyFunctions);
    sessions = auth.app.get(SessionFunctions);
  });
  afterAll(() => auth.app.close());

  async function signedIn(thirdPartyUserId = newEmail()) {
    const identity = { thirdPartyId: 'local', thirdPartyUserId, isVerified: true };
    const signInUp = async (email: string, isVerifiedThere = true) => {
      const result = await thirdParty.manuallyCreateOrUpdateUser({ ...identity, email, isVerified: isVerifiedThere });
      if (result.status !== 'OK') throw new Error(result.status);
      return result.user.id;
    };
    const userId = await signInUp(newEmail());
    const handles: string[] = [];
    for (let at = 0; at < 2; at++) handles.push((await sessions.createNewSession({ userId })).getHandle());
    const claims = () => Promise.all(handles.map((sessionHandle) => claimsOf(sessionHandle)));
    return { userId, signInUp, claims };
  }
  async function claimsOf(sessionHandle: string): Promise<JsonObject | undefined> {
    return (await sessions.getSessionInformation({ sessionHandle }))?.customClaimsInAccessTokenPayload;
  }
  const verified = (v: boolean) => [{ 'st-ev': { v } }, { 'st-ev': { v } }];

  it('an email that moves at the provider, unverified and then verified', async () => {
    const { signInUp, claims } = await signedIn();
    expect(await claims()).toMatchObject(verified(true));
    const email = newEmail();
    await signInUp(email, false);
    expect(await claims()).toMatchObject(verified(false));
    await signInUp(email, true);
    expect(await claims()).toMatchObject(verified(true));
  });

  it('an address that the application keeps, once it says that it has changed', async () => {
    const { userId, claims } = await signedIn();
    addresses.set(userId, newEmail());
    await auth.app.get(Facts).announce({ fact: 'email', recipeUserId: userId });
    expect(await claims()).toMatchObject(verified(false));
  });

  it('a verification that is taken back', async () => {
    const { userId, claims, signInUp } = await signedIn();
    const email = newEmail();
    await signInUp(email);
    await auth.app.get(EmailVerificationFunctions).unverifyEmail({ recipeUserId: userId, email });
    expect(await claims()).toMatchObject(verified(false));
  });

  it('a verification that is taken back of whatever email there is', async () => {
    const { userId, claims } = await signedIn();
    const functions = auth.app.get(EmailVerificationFunctions);
    await functions.unverifyEmail({ recipeUserId: userId });
    expect(await claims()).toMatchObject(verified(false));
    expect(await functions.unverifyEmail({ recipeUserId: 'nobody' })).toEqual({ status: 'OK' });
  });

  it('an email that moves after the id of the user was mapped to one of another system', async () => {
    const { userId, signInUp, claims } = await signedIn();
    await auth.app
      .get(Core)
      .port(UserIdMappingCore)
      .create({ userId, externalUserId: `legacy-${userId}` });
    const email = newEmail();
    await signInUp(email, false);
    expect(await claims()).toMatchObject(verified(false));
    // As a session asks whose access token is older than the mapping.
    const found = auth.app.get(EmailVerificationFunctions).getEmailForRecipeUserId({ recipeUserId: userId });
    expect(await found).toEqual({ status: 'OK', email });
  });

  it("an application's own fact, and no other claim with it", async () => {
    const { userId, claims } = await signedIn();
    const before = await claims();
    members.add(userId);
    await auth.app.get(Facts).announce({ fact: 'membership', userId });
    const expected = before.map((each) => ({ ...each, member: { v: true, t: expect.any(Number) } }));
    expect(await claims()).toEqual(expected);
  });

  itInTransactions('all of it or nothing', async () => {
    const { userId, claims } = await signedIn();
    members.add(userId);
    const work = auth.app.get(AuthDatabase).transaction(async () => {
      await auth.app.get(Facts).announce({ fact: 'membership', userId });
      expect(await claims()).toMatchObject([{ member: { v: true } }, { member: { v: true } }]);
      throw new Error('on purpose');
    });
    await expect(work).rejects.toThrow('on purpose');
    expect(await claims()).toMatchObject([{ member: { v: false } }, { member: { v: false } }]);
  });
});
