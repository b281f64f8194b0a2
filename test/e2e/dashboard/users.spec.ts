import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import {
  EmailPasswordFunctions,
  EmailPasswordRecipe,
  getRequestFromUserContext,
  type UpdateEmailOrPasswordInput,
} from 'latchkey';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { API_KEY, startDashboardApp, type DashboardApp } from '../../support/dashboard-app.js';
import { frameworks } from '../../support/frameworks.js';

const unknownUser = { status: 400, json: { message: "Unknown 'recipeUserId'" } };
const notEnabled = { status: 200, json: { status: 'FEATURE_NOT_ENABLED_ERROR' } };

describe.each(frameworks)('users in the dashboard on %s', (framework) => {
  let app: DashboardApp;
  beforeAll(async () => {
    app = await startDashboardApp(framework);
  });
  afterAll(() => app.app.close());

  /** @returns the fields of the latest entry */
  async function latest(): Promise<Record<string, unknown>> {
    const { json } = await app.ask('GET audit?limit=1');
    return json.entries[0];
  }
  const noted = { tenantId: 'public', actor: { type: 'apiKey' }, address: expect.stringMatching(/127\.0\.0\.1$/) };

  it('are listed by pages, found by email, counted, and have the names of their metadata', async () => {
    const { id, email } = await app.newUser(`zoe.${framework.toLowerCase()}@find.example.com`);
    await app.newUser();
    await app.ask('PUT user/metadata', { userId: id, data: JSON.stringify({ first_name: 'Zoë', last_name: 1 }) });

    const found = await app.ask(`GET users?limit=10&email=nobody;zoe.${framework.toLowerCase()}`);
    expect(found.json.users).toEqual([expect.objectContaining({ id, emails: [email], firstName: 'Zoë' })]);
    expect((await app.ask('GET users?limit=10&email=FIND.')).json.users).toHaveLength(1);
    const { count } = (await app.ask('GET users/count')).json;
    const [seen, tokens] = [new Set<string>(), new Set<string>()];
    let more = '';
    do {
      const { json } = await app.ask(`GET /public/users?limit=1&timeJoinedOrder=ASC${more}`);
      seen.add(json.users[0].id);
      more = json.nextPaginationToken === undefined ? '' : `&paginationToken=${json.nextPaginationToken}`;
      expect(tokens.has(more)).toBe(false);
      tokens.add(more);
    } while (more !== '');
    expect(seen.size).toBe(count);
    expect((await app.ask('GET search/tags')).json).toEqual({ status: 'OK', tags: ['email', 'phone', 'provider'] });
  });

  it.each([
    ['GET users', "Missing required parameter 'limit'"],
    ['GET users?limit=abc', "Invalid value received for 'limit'"],
    ['GET users?limit=-1', "Invalid value received for 'limit'"],
    ['GET users?limit=1&limit=2', "Missing required parameter 'limit'"],
    ['GET users?limit=501', 'max limit allowed is 500'],
    ['GET users?limit=0', 'limit must a positive integer with min value 1'],
    ['GET users?limit=1&timeJoinedOrder=UP', "Invalid value received for 'timeJoinedOrder'"],
    ['GET users?limit=1&paginationToken=nonsense', 'invalid pagination token'],
    ['GET user', "Missing required parameter 'userId'"],
    ['DELETE user?userId=', "Missing required parameter 'userId'"],
    ['GET audit?limit=abc', "Invalid value received for 'limit'"],
  ])('%s is 400: %s', async (request, message) => {
    expect(await app.ask(request)).toMatchObject({ status: 400, json: { message } });
  });

  it('are made by the rules of sign-up', async () => {
    const email = newEmail();
    const make = async (body: object) => (await app.ask('POST user/emailpassword', body)).json;
    expect(await make({ email: 'no email', password: PASSWORD })).toMatchObject({ status: 'EMAIL_VALIDATION_ERROR' });
    expect(await make({ email, password: 'short' })).toMatchObject({ status: 'PASSWORD_VALIDATION_ERROR' });
    const { user, recipeUserId } = await make({ email, password: PASSWORD });
    expect(user).toMatchObject({ id: recipeUserId, emails: [email] });
    expect(await latest()).toMatchObject({ ...noted, action: 'emailPasswordUserPOST', userId: user.id, detail: {} });
    expect(await make({ email, password: PASSWORD })).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect((await (await app.client().signIn(email, PASSWORD)).json()) as object).toMatchObject({ status: 'OK' });
    expect(await app.ask('POST user/passwordless', { email })).toMatchObject(notEnabled);
  });

  it('get another email and names, and nothing where one of them is refused', async () => {
    const { id, email } = await app.newUser();
    const change = (fields: object) =>
      app.ask('PUT user', {
        recipeUserId: id,
        recipeId: 'emailpassword',
        firstName: '',
        lastName: '',
        email: '',
        phone: '',
        ...fields,
      });
    const taken = (await app.newUser()).email;
    expect((await change({ firstName: 'Ann', email: taken })).json).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect((await change({ firstName: 'Ann', email: 'x' })).json).toMatchObject({ status: 'INVALID_EMAIL_ERROR' });
    expect((await change({ phone: '+1' })).json.status).toBe('PHONE_NUMBER_CHANGE_NOT_ALLOWED_ERROR');
    expect((await app.ask(`GET user?userId=${id}`)).json.user).toMatchObject({ emails: [email], firstName: '' });
    const other = newEmail();
    expect((await change({ firstName: ' Ann ', lastName: 'Lee', email: other })).json).toEqual({ status: 'OK' });
    expect(await latest()).toMatchObject({
      action: 'userPUT',
      userId: id,
      detail: { recipeId: 'emailpassword', fields: ['firstName', 'lastName', 'email'] },
    });
    expect((await app.ask(`GET user?userId=${id}`)).json.user).toMatchObject({
      emails: [other],
      firstName: 'Ann',
      lastName: 'Lee',
    });
    expect(await app.ask('PUT user', { recipeUserId: id })).toMatchObject({ status: 400 });
    expect(await change({ recipeUserId: 'nobody' })).toMatchObject(unknownUser);
  });

  it('are verified, and no longer, and sent a link', async () => {
    const { id, email } = await app.newUser();
    const isVerified = async () => (await app.ask(`GET user/email/verify?recipeUserId=${id}`)).json.isVerified;
    const verify = (verified: unknown) => app.ask('PUT user/email/verify', { recipeUserId: id, verified });
    const send = () => app.ask('POST user/email/verify/token', { recipeUserId: id });
    expect(await isVerified()).toBe(false);
    expect((await send()).json).toEqual({ status: 'OK' });
    expect(await app.emails().next('emailVerification', email)).toMatchObject({ user: { email } });
    expect((await verify(true)).json).toEqual({ status: 'OK' });
    expect([await isVerified(), (await verify(true)).json.status]).toEqual([true, 'OK']);
    expect((await send()).json).toEqual({ status: 'EMAIL_ALREADY_VERIFIED_ERROR' });
    expect([(await verify(false)).json.status, await isVerified()]).toEqual(['OK', false]);
    expect(await latest()).toMatchObject({ action: 'userEmailVerifyPUT', userId: id, detail: { verified: false } });
    expect(await verify('yes')).toMatchObject({ status: 400 });
    for (const request of ['GET user/email/verify?recipeUserId=nobody']) {
      expect(await app.ask(request)).toMatchObject(unknownUser);
    }
    expect(await app.ask('POST user/email/verify/token', { recipeUserId: 'nobody' })).toMatchObject(unknownUser);
  });

  it('have metadata that is replaced as a whole or not at all, and a note without its contents', async () => {
    const { id } = await app.newUser();
    const read = async () => (await app.ask(`GET user/metadata?userId=${id}`)).json.data;
    const write = (data: string) => app.ask('PUT user/metadata', { userId: id, data });
    await write('{"plan":"secret plan","n":{"a":1}}');
    expect((await write('{"n":2}')).json).toEqual({ status: 'OK' });
    expect(await read()).toEqual({ n: 2 });
    expect(await latest()).toMatchObject({ action: 'userMetadataPUT', userId: id, detail: { members: ['n'] } });
    for (const data of ['[]', 'null', '1', '{', '']) expect(await write(data)).toMatchObject({ status: 400 });
    expect(await write(JSON.stringify({ big: 'x'.repeat(70_000) }))).toMatchObject({ status: 400 });
    expect(await write('{"__proto__":{"a":1}}')).toMatchObject({ status: 400 });
    expect(await read()).toEqual({ n: 2 });
    expect(JSON.stringify((await app.ask('GET audit?limit=500')).json)).not.toContain('secret plan');
  });

  it('have sessions that end, and are signed out by a new password', async () => {
    const client = app.client();
    const email = newEmail();
    const { user } = (await (await client.signUp(email, PASSWORD)).json()) as { user: { id: string } };
    await app.client().signIn(email, PASSWORD);
    const sessions = async () => (await app.ask(`GET user/sessions?userId=${user.id}`)).json.sessions;
    const [newest, oldest] = await sessions();
    expect(newest).toMatchObject({ userId: user.id, sessionDataInDatabase: {}, expiry: expect.any(Number) });
    const sessionHandles = [oldest.sessionHandle, 'foreign', ''];
    expect((await app.ask('POST user/sessions', { sessionHandles })).json).toEqual({ status: 'OK' });
    expect((await client.refresh()).status).toBe(401);
    expect(await latest()).toMatchObject({ action: 'userSessionsPOST', detail: { sessionHandles } });
    for (const handles of ['x', [1], {}, null]) {
      expect(await app.ask('POST user/sessions', { sessionHandles: handles })).toMatchObject({ status: 400 });
    }

    const set = (newPassword: string, recipeUserId = user.id) =>
      app.ask('PUT user/password', { recipeUserId, newPassword });
    expect((await set('short')).json).toMatchObject({ status: 'INVALID_PASSWORD_ERROR', error: expect.any(String) });
    expect(await sessions()).toHaveLength(1);
    expect((await set('another correct horse')).json).toEqual({ status: 'OK' });
    expect(await sessions()).toEqual([]);
    expect(await set('another correct horse', 'nobody')).toMatchObject(unknownUser);
    const { json } = await app.ask(`GET audit?userId=${user.id}`);
    expect(json.entries.map(({ action }: { action: string }) => action)).toEqual(['userPasswordPUT']);
    expect(JSON.stringify(json)).not.toContain('correct horse');
  });

  it('are deleted, and stay in the audit', async () => {
    const { id } = await app.newUser();
    expect((await app.ask(`GET user/unlink?recipeUserId=${id}`)).json).toEqual(notEnabled.json);
    expect((await app.ask(`DELETE user?userId=${id}`)).json).toEqual({ status: 'OK' });
    expect((await app.ask(`GET user?userId=${id}`)).json).toEqual({ status: 'NO_USER_FOUND_ERROR' });
    expect((await app.ask(`GET audit?userId=${id}`)).json.entries).toHaveLength(1);
    expect((await app.ask(`GET user/sessions?userId=${id}`)).json).toEqual({ status: 'OK', sessions: [] });
  });

  it('get roles, and lose them', async () => {
    const { id } = await app.newUser();
    const role = `writer-${framework}`;
    expect((await app.ask('PUT userroles/role', { role, permissions: ['write'] })).json.createdNewRole).toBe(true);
    const give = (name: string) => app.ask('PUT userroles/user/roles', { userId: id, role: name });
    expect((await give(role)).json).toEqual({ status: 'OK', didUserAlreadyHaveRole: false });
    expect(await latest()).toMatchObject({ action: 'userRolesPUT', userId: id, detail: { role } });
    expect((await give('nothing')).json).toEqual({ status: 'UNKNOWN_ROLE_ERROR' });
    expect(await latest()).toMatchObject({ action: 'userRolesPUT', detail: { role } });
    expect((await app.ask(`GET userroles/user/roles?userId=${id}`)).json.roles).toEqual([role]);
    expect((await app.ask(`GET userroles/role/permissions?role=${role}`)).json.permissions).toEqual(['write']);
    expect((await app.ask('PUT userroles/role/permissions/remove', { role, permissions: ['write'] })).json.status).toBe(
      'OK',
    );
    expect((await app.ask('GET userroles/roles')).json.roles).toContain(role);
    expect((await app.ask(`DELETE userroles/user/roles?userId=${id}&role=${role}`)).json.didUserHaveRole).toBe(true);
    expect((await app.ask(`DELETE userroles/role?role=${role}`)).json).toEqual({ status: 'OK', didRoleExist: true });
    expect(await app.ask('PUT userroles/role', { role, permissions: 'write' })).toMatchObject({ status: 400 });
    expect(await app.ask(`GET /nowhere/userroles/user/roles?userId=${id}`)).toMatchObject({ status: 400 });
  });
});

describe.each(frameworks)('what the dashboard changes on %s', (framework) => {
  const urls: (string | undefined)[] = [];

  @Injectable()
  class Watched extends EmailPasswordFunctions {
    override async updateEmailOrPassword(input: UpdateEmailOrPasswordInput) {
      urls.push(getRequestFromUserContext(input.userContext)?.getOriginalURL());
      const result = await super.updateEmailOrPassword(input);
      if (input.password === 'this one fails later') throw new Error('after the change');
      return result;
    }
  }

  it('goes through overridden functions, with the request, and is kept with its note or not at all', async () => {
    const app = await startDashboardApp(framework, {
      dashboard: { apiKey: API_KEY },
      others: [EmailPasswordRecipe.init({ override: { functions: Watched } })],
    });
    try {
      const { id, email } = await app.newUser();
      const change = { recipeUserId: id, newPassword: 'this one fails later' };
      expect(await app.ask('PUT user/password', change)).toMatchObject({ status: 500 });
      expect(urls).toEqual(['/auth/dashboard/api/user/password']);
      expect((await app.ask('GET audit')).json).toEqual({ status: 'OK', isKept: true, entries: [] });
      expect(await (await app.client().signIn(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
      for (const path of [`userroles/user/roles?userId=${id}`, `user/metadata?userId=${id}`, 'userroles/roles']) {
        expect(await app.ask(`GET ${path}`)).toMatchObject(notEnabled);
      }
      expect((await app.ask(`GET user?userId=${id}`)).json.user.firstName).toBe('FEATURE_NOT_ENABLED');
    } finally {
      await app.app.close();
    }
  });
});
