import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';

const NEW_USER = [
  'emails',
  'id',
  'isPrimaryUser',
  'loginMethods',
  'phoneNumbers',
  'tenantIds',
  'thirdParty',
  'timeJoined',
].sort();

describe.each(frameworks)('Headers of the wire on %s', (framework) => {
  let auth: AuthApp;

  beforeAll(async () => {
    auth = await startAuthApp(framework);
  });
  afterAll(() => auth.app.close());

  async function userFor(version: string | undefined, path: 'signup' | 'signin' = 'signup') {
    const email = newEmail();
    const body = formFields({ email, password: PASSWORD });
    if (path === 'signin') await auth.client().post('/auth/signup', body);
    const headers: Record<string, string> = version === undefined ? {} : { 'fdi-version': version };
    const response = await auth.client().post(`/auth/${path}`, body, { headers });
    const answer = (await response.json()) as { status: string; user: Record<string, unknown> };
    expect(answer.status).toBe('OK');
    return { email, user: answer.user, answer };
  }

  it.each(['1.17', '2.0', '1.16,1.17', ' 1.17 ,0.9', '2.0,1.17'])(
    'fdi-version %s knows flat users',
    async (version) => {
      for (const path of ['signup', 'signin'] as const) {
        const { email, user } = await userFor(version, path);

        expect(user).toMatchObject({ id: expect.any(String), timeJoined: expect.any(Number), email });
        expect(user).not.toHaveProperty('emails');
        expect(user).not.toHaveProperty('loginMethods');
      }
    },
  );

  it.each([
    '1.18',
    '1.19',
    '3.0',
    '3.1',
    '4.0',
    '4.1',
    '4.2',
    '1.17,1.18',
    '1.17,2.0,3.1,4.0',
    '3.1, 1.17',
    undefined,
    '',
    '9.9',
    'latest',
    '1.170',
    ',,,',
  ])('fdi-version %s knows users with login methods', async (version) => {
    const { email, user } = await userFor(version);

    expect(Object.keys(user).sort()).toEqual(NEW_USER);
    expect(user).toMatchObject({
      emails: [email],
      phoneNumbers: [],
      thirdParty: [],
      tenantIds: ['public'],
      isPrimaryUser: false,
      loginMethods: [{ recipeId: 'emailpassword', recipeUserId: user.id, email, verified: false }],
    });
    expect(JSON.stringify(user)).not.toMatch(/password.*argon|hash/i);
  });

  it.each(['emailpassword', 'session', 'anti-csrf', 'thirdpartyemailpassword', 'passwordless', '', '../../etc', 'é'])(
    'rid %j is a hint: the path decides',
    async (rid) => {
      const body = formFields({ email: newEmail(), password: PASSWORD });
      const headers = { rid: encodeURI(rid) };

      const signUp = await auth.client().post('/auth/signup', body, { headers });
      const keys = await auth.client().get('/auth/jwt/jwks.json', { headers });

      expect(await signUp.json()).toMatchObject({ status: 'OK' });
      expect(keys.status).toBe(200);
    },
  );
});
