import { Inject, Injectable } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  AuthDatabase,
  DISABLED,
  EmailVerificationApi,
  EmailVerificationFunctions,
  generalError,
  Users,
  type CreateEmailVerificationTokenInput,
  type GenerateEmailVerifyTokenPOSTInput,
  type IsEmailVerifiedGETInput,
  type IsEmailVerifiedInput,
  type VerifyEmailPOSTInput,
  type VerifyEmailUsingTokenInput,
} from 'latchkey';
import type { EmailPasswordApp } from '../../support/email-password-app.js';
import {
  ALREADY_VERIFIED,
  askForLink,
  claimOf,
  INVALID_TOKEN,
  isVerified,
  OK,
  requestToken,
  signUp,
  startEmailVerificationApp,
  UNVERIFIED,
  verify,
  type EmailVerificationAppOptions,
} from '../../support/email-verification-app.js';
import { onFastify } from '../../support/frameworks.js';
import { Journal, JournalModule } from '../../support/journal.js';
import { requestResetToken, resetPassword } from '../../support/password-resets.js';
import { transactional } from '../../support/transactional.js';

const itInTransactions = transactional(globalThis.LATCHKEY_TEST_DATABASE !== 'Remote');

/** Writes down each call on its way through. */
@Injectable()
class JournalApi extends EmailVerificationApi {
  constructor(private readonly journal: Journal) {
    super();
  }

  override async generateEmailVerifyTokenPOST(input: GenerateEmailVerifyTokenPOSTInput) {
    this.journal.write(`generate ${input.options.recipeId} ${input.options.config.mode}`);
    return super.generateEmailVerifyTokenPOST(input);
  }

  override async verifyEmailPOST(input: VerifyEmailPOSTInput) {
    const result = await super.verifyEmailPOST(input);
    this.journal.write(`verify in ${input.tenantId}: ${result.status === 'OK' ? result.user.email : result.status}`);
    return result;
  }

  override async isEmailVerifiedGET(input: IsEmailVerifiedGETInput) {
    const result = await super.isEmailVerifiedGET(input);
    this.journal.write(`is verified: ${result.status === 'OK' ? result.isVerified : result.status}`);
    return result;
  }
}

class Closed extends EmailVerificationApi {
  override async generateEmailVerifyTokenPOST() {
    return generalError('No links today.');
  }

  override isEmailVerifiedGET = DISABLED;
}

/** As an application would that has another proof. */
class OtherProof extends EmailVerificationFunctions {
  override async isEmailVerified(input: IsEmailVerifiedInput) {
    return input.email.startsWith('boss') || super.isEmailVerified(input);
  }
}

class JournalFunctions extends EmailVerificationFunctions {
  @Inject(Journal) private readonly journal!: Journal;

  override async createEmailVerificationToken(input: CreateEmailVerificationTokenInput) {
    this.journal.write(`create for ${input.email}`);
    return super.createEmailVerificationToken(input);
  }

  override async verifyEmailUsingToken(input: VerifyEmailUsingTokenInput) {
    const result = await super.verifyEmailUsingToken(input);
    this.journal.write(`use: ${result.status}`);
    return result;
  }
}

/** What follows in the same transaction may fail. */
class Welcoming extends EmailVerificationFunctions {
  @Inject(AuthDatabase) private readonly database!: AuthDatabase;
  isWelcome = true;

  override async verifyEmailUsingToken(input: VerifyEmailUsingTokenInput) {
    return this.database.transaction(async () => {
      const result = await super.verifyEmailUsingToken(input);
      if (!this.isWelcome) throw new Error('no welcome');
      return result;
    });
  }
}

describe.each(onFastify)('Overriding email verification on %s', (framework) => {
  let app: EmailPasswordApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function start(override: NonNullable<EmailVerificationAppOptions['emailVerification']>['override']) {
    app = await startEmailVerificationApp(framework, {
      emailVerification: { override },
      auth: { imports: [JournalModule] },
    });
    return app;
  }

  it('every API by a class with dependencies of its own', async () => {
    const started = await start({ apis: JournalApi });
    const user = await signUp(started);
    const token = await requestToken(started, user);
    await verify(user.client, 'A'.repeat(64));
    await verify(user.client, token);
    await isVerified(user.client);
    expect(started.app.get(Journal).entries).toEqual([
      'generate emailverification REQUIRED',
      `verify in public: ${INVALID_TOKEN.status}`,
      `verify in public: ${user.email}`,
      'is verified: true',
    ]);
  });

  it('an API that answers an error of its own, and one that is gone', async () => {
    const started = await start({ apis: Closed });
    const { client } = await signUp(started);
    expect(await (await askForLink(client)).json()).toEqual({ status: 'GENERAL_ERROR', message: 'No links today.' });
    expect((await isVerified(client)).status).toBe(404);
    expect(await (await verify(client, 'A'.repeat(64))).json()).toEqual(INVALID_TOKEN);
  });

  it('isEmailVerified decides what sessions know', async () => {
    const started = await start({ functions: OtherProof });
    const [boss, other] = [await signUp(started, 'boss@example.com'), await signUp(started, 'clerk@example.com')];
    expect(claimOf(boss.client)).toMatchObject({ v: true });
    expect((await boss.client.get('/me')).status).toBe(200);
    expect(await (await isVerified(boss.client)).json()).toEqual({ status: 'OK', isVerified: true });
    const refused = await other.client.get('/me');
    expect([refused.status, await refused.json()]).toEqual([403, UNVERIFIED]);
  });

  it('functions see every call, those of a password reset too', async () => {
    const started = await start({ functions: JournalFunctions });
    const journal = started.app.get(Journal);
    const user = await signUp(started);
    await verify(user.client, await requestToken(started, user));
    expect(journal.entries.splice(0)).toEqual([`create for ${user.email}`, 'use: OK']);

    const other = await signUp(started);
    await resetPassword(started.client(), await requestResetToken(started, other.email), 'another horse 2');
    expect(journal.entries).toEqual([`create for ${other.email}`, 'use: OK']);
  });

  itInTransactions('a verification and what belongs to it are kept together or not at all', async () => {
    const started = await start({ functions: Welcoming });
    const functions = started.app.get(EmailVerificationFunctions) as Welcoming;
    const user = await signUp(started);
    const token = await requestToken(started, user);

    functions.isWelcome = false;
    expect((await verify(user.client, token)).status).toBe(500);
    expect(await (await isVerified(user.client)).json()).toEqual({ status: 'OK', isVerified: false });
    functions.isWelcome = true;
    expect(await (await verify(user.client, token)).json()).toEqual(OK);
  });

  it('an application calls the functions without a request', async () => {
    const started = await start(undefined);
    const functions = started.app.get(EmailVerificationFunctions);
    const { email, userId: recipeUserId } = await signUp(started);
    const user = { recipeUserId, email };

    expect(await functions.getEmailForRecipeUserId({ recipeUserId })).toEqual({ status: 'OK', email });
    expect(await functions.getEmailForRecipeUserId({ recipeUserId: 'nobody' })).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
    const revoked = await functions.createEmailVerificationToken(user);
    expect(await functions.revokeEmailVerificationTokens(user)).toEqual(OK);
    expect(await functions.verifyEmailUsingToken({ token: tokenOf(revoked) })).toEqual(INVALID_TOKEN);

    const token = tokenOf(await functions.createEmailVerificationToken(user));
    expect(await functions.verifyEmailUsingToken({ token })).toEqual({ status: 'OK', user });
    expect(await functions.isEmailVerified(user)).toBe(true);
    expect(await functions.createEmailVerificationToken(user)).toEqual(ALREADY_VERIFIED);
    expect((await started.app.get(Users).getUser(recipeUserId))?.loginMethods[0]?.verified).toBe(true);
    expect(await functions.unverifyEmail(user)).toEqual(OK);
    expect(await functions.isEmailVerified(user)).toBe(false);
  });

  itInTransactions('a token made in a transaction that fails does not work', async () => {
    const started = await start(undefined);
    const functions = started.app.get(EmailVerificationFunctions);
    const { email, userId: recipeUserId } = await signUp(started);
    let token = '';
    const work = started.app.get(AuthDatabase).transaction(async () => {
      token = tokenOf(await functions.createEmailVerificationToken({ recipeUserId, email }));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(token).toMatch(/^[\w-]{64}$/);
    expect(await functions.verifyEmailUsingToken({ token })).toEqual(INVALID_TOKEN);
  });
});

function tokenOf(created: { status: string; token?: string }): string {
  if (created.token === undefined) throw new Error(created.status);
  return created.token;
}
