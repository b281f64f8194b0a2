import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthDatabase, EmailPasswordApi, generalError, type SignUpPOSTInput } from 'latchkey';
import { saysNothingOfTokens } from '../../support/answers.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';
import { databases, openAppDatabase, type AppDatabase } from './app-database.js';
import type { AppTables } from './with-kysely.js';

/** User, credential, session and profile in one transaction. */
@Injectable()
class SignUpPostWithProfile extends EmailPasswordApi {
  constructor(private readonly database: AuthDatabase) {
    super();
  }

  override async signUpPOST(input: SignUpPOSTInput) {
    const email = input.formFields.find(({ id }) => id === 'email')!.value as string;
    try {
      return await this.database.transaction(() => this.signUpWithProfile(input, email));
    } catch (error) {
      if (email.startsWith('explained')) return generalError('Try again later');
      throw error;
    }
  }

  private async signUpWithProfile(input: SignUpPOSTInput, email: string) {
    const result = await super.signUpPOST(input);
    if (result.status !== 'OK') return result;

    await result.session?.mergeIntoAccessTokenPayload({ plan: 'free' });
    const db = await this.database.current<AppTables>();
    await db.insertInto('profiles').values({ user_id: result.user.id, handle: email }).execute();
    if (/^(fails|explained)/.test(email)) throw new Error('on purpose');
    return result;
  }
}

const cases = databases.flatMap((database) => onFastify.map((framework) => [database, framework] as const));

describe.each(cases)(
  'A sign-up that takes its session into the transaction on %s and %s',
  (databaseName, framework) => {
    let database: AppDatabase;
    let auth: AuthApp;

    beforeAll(async () => {
      database = await openAppDatabase(databaseName);
      auth = await startAuthApp(framework, {
        emailPassword: { override: { apis: SignUpPostWithProfile } },
        auth: { core: database.core },
      });
    });
    afterAll(async () => {
      await auth?.app.close();
      await database.close();
    });

    describe.each(['header', 'cookie'] as const)('with tokens by %s', (transferMethod) => {
      it('signs in when it is committed', async () => {
        const client = auth.client({ transferMethod });
        const response = await client.signUp(newEmail(), PASSWORD);
        expect(await response.json()).toMatchObject({ status: 'OK' });
        expect(response.headers.get('front-token')).not.toBeNull();
        expect((await client.refresh()).status).toBe(200);

        const { latchkey_sessions: sessions } = await database.contents();
        expect(sessions).toContainEqual(
          expect.objectContaining({ access_token_payload: expect.stringContaining('free') }),
        );
      });

      it.each([
        ['fails', 500],
        ['explained', 200],
      ])('leaves nothing, and the client no tokens, when it %s', async (what, status) => {
        const before = await database.contents();
        const client = auth.client({ transferMethod });
        const response = await client.signUp(`${what}-${newEmail()}`, PASSWORD);
        expect(response.status).toBe(status);
        expect(saysNothingOfTokens(response)).toBe(true);
        expect(await database.contents()).toEqual(before);
        expect((await client.refresh()).status).toBe(401);
      });

      it('keeps what the client held before', async () => {
        const client = auth.client({ transferMethod });
        await client.signUp(newEmail(), PASSWORD);
        await client.signUp(`fails-${newEmail()}`, PASSWORD);
        expect((await client.refresh()).status).toBe(200);
      });
    });
  },
);
