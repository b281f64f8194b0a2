import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthTestClient } from 'latchkey/testing';
import { PASSWORD, TestApplication } from './test-application.js';

describe('accounts', () => {
  let application: TestApplication;
  let administrator: AuthTestClient;

  beforeAll(async () => {
    application = await TestApplication.start();
    administrator = await application.signUpAdministrator();
  });
  afterAll(() => application?.stop());

  it('are made with a profile and a role, and answers for one user are kept by nobody', async () => {
    const member = application.client();
    const signUp = await member.signUp('member-since-now@example.com', PASSWORD);
    const me = await member.get('/api/me');

    expect(signUp.headers.get('cache-control')).toBe('no-store');
    expect(me.headers.get('cache-control')).toBe('no-store');
    expect(await me.json()).toMatchObject({
      email: 'member-since-now@example.com',
      displayName: 'member-since-now',
      roles: ['member'],
    });
  });

  it.each(['emailpassword/email/exists', 'signup/email/exists'])(
    'are not told of at the path of the disabled API %s',
    async (path) => {
      const ask = (email: string) => application.client().get(`/auth/${path}?email=${email}`);
      const [known, unknown] = await Promise.all([ask('administrator@example.com'), ask('nobody@example.com')]);

      expect(known.status).toBe(200);
      expect(await known.json()).toEqual({ status: 'OK', exists: false });
      expect(await unknown.json()).toEqual({ status: 'OK', exists: false });
    },
  );

  it('are not made for another host in an address than the domain that is invited', async () => {
    for (const email of ['eve@example.com.elsewhere.test', 'eve@notexample.com', 'eve%40example.com@elsewhere.test']) {
      const response = await application.client().signUp(email, PASSWORD);
      expect(await response.json()).toEqual({
        status: 'GENERAL_ERROR',
        message: 'Ask an administrator for an invitation.',
      });
    }
  });

  it('are invited by an administrator, and by nobody else', async () => {
    const member = await application.signUp('member@example.com');
    const statuses = [];
    for (const client of [application.client(), member, administrator]) {
      const add = await client.post('/api/invitations', { address: 'friend@elsewhere.test' });
      statuses.push([(await client.get('/api/invitations')).status, add.status]);
    }
    expect(statuses).toEqual([
      [401, 401],
      [403, 403],
      [200, 201],
    ]);
    expect(await (await application.client().signUp('friend@elsewhere.test', PASSWORD)).json()).toMatchObject({
      status: 'OK',
    });
  });

  it.each([[undefined], [7], ['nonsense'], ['two@at@elsewhere.test'], [`${'a'.repeat(250)}@elsewhere.test`]])(
    'are not invited by %p',
    async (address) => {
      expect((await administrator.post('/api/invitations', { address })).status).toBe(400);
    },
  );

  it.each([[undefined], ['text'], [{ currentPassword: PASSWORD }], [{ currentPassword: [], newPassword: {} }]])(
    'do not change their password by %j',
    async (body) => {
      expect((await administrator.post('/api/me/password', body)).status).toBe(400);
    },
  );

  it('end their other sessions when the password is changed', async () => {
    const email = 'changing@example.com';
    const here = await application.signUp(email);
    const elsewhere = application.client();
    await elsewhere.signIn(email, PASSWORD);
    const response = await here.post('/api/me/password', { currentPassword: PASSWORD, newPassword: 'new battery 2' });

    expect(await response.json()).toEqual({ status: 'OK' });
    expect((await elsewhere.refresh()).status).toBe(401);
    expect((await here.refresh()).status).toBe(200);
  });

  it('read in the audit log what happened to them, and to no other', async () => {
    const one = await application.signUp('one@example.com');
    const other = await application.signUp('other@example.com');
    await other.signIn('one@example.com', 'a guess 1');

    const entries = (await (await one.get('/api/audit')).json()) as { event: string; email: string }[];
    expect(entries.map(({ event, email }) => [event, email])).toEqual([
      ['sign-in refused', 'one@example.com'],
      ['signed up', 'one@example.com'],
    ]);
    expect((await application.client().get('/api/audit')).status).toBe(401);
  });

  it('are in the API reference, and the health of their database is told', async () => {
    const document = (await (await application.client().get('/api-reference-json')).json()) as {
      paths: Record<string, { post?: { operationId: string } }>;
    };
    expect(document.paths['/auth/signup']?.post?.operationId).toBe('emailPasswordSignUp');
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/projects', '/api/me', '/health']));
    expect(await (await application.client().get('/health')).json()).toMatchObject({ status: 'ok' });
  });
});
