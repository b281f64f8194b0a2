import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import {
  DashboardApi,
  DashboardFunctions,
  DashboardRefusedError,
  DISABLED,
  EmailPasswordRecipe,
  UserRolesFunctions,
  type GetActorInput,
  type ShouldAllowAccessInput,
  type UserDELETEInput,
} from 'latchkey';
import { TenantsCore } from '../../../lib/core/tenants.core.js';
import { definitionOf, everyRecipe } from '../../support/every-recipe.js';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { API_KEY, startDashboardApp, STAFF_PASSWORD, type DashboardApp } from '../../support/dashboard-app.js';
import { frameworks, onExpress, onFastify } from '../../support/frameworks.js';

const OPEN = ['dashboardGET', 'assetGET', 'signInPOST'];
const unauthorised = { status: 401, json: { message: 'Unauthorised access' } };
const forbidden = { status: 403, json: { message: 'You are not permitted to perform this operation' } };
const dashboard = everyRecipe.map(definitionOf).find(({ id }) => id === 'dashboard')!;
const guarded = Object.entries(dashboard.routes as Record<string, { method: string; paths: string[] }>)
  .filter(([name]) => !OPEN.includes(name))
  .map(([name, { method, paths }]) => ({ name, method, path: paths[0]!.replace('dashboard/api/', '') }));

describe.each(frameworks)('who is let in to the dashboard on %s', (framework) => {
  let app: DashboardApp;
  beforeAll(async () => {
    app = await startDashboardApp(framework, {
      dashboard: { apiKey: API_KEY, admins: ['Boss@example.com'] },
      auth: { attemptLimits: false },
    });
  });
  afterAll(() => app.app.close());

  it.each(guarded)('a stranger learns nothing of $method $path, whatever it is sent', async ({ method, path }) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : { userId: 1 };
    const ask = `${method} ${path}?/dashboard/api/signin`;
    for (const token of [undefined, `${API_KEY}.`])
      expect(await app.askWith(token)(ask, body)).toMatchObject(unauthorised);
    // It looks like a token of the application.
    expect(await app.askWith('eyJhbGciOiJub25lIn0.e30.')(ask, body)).toMatchObject({ status: 401 });
  });

  it('the holder of the key may do everything, and reads only what no cache keeps', async () => {
    const { status, json, headers } = await app.ask('POST key/validate');
    expect({ status, json }).toEqual({
      status: 200,
      json: { status: 'OK', actor: { type: 'apiKey' }, mayWrite: true },
    });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('who signs in reads until the sign-out, and writes as one of the admins', async () => {
    const boss = await app.staff('boss@example.com');
    const reader = await app.staff('reader@example.com');
    expect((await app.askWith(boss)('POST key/validate')).json).toEqual({
      status: 'OK',
      actor: { type: 'dashboardUser', email: 'boss@example.com' },
      mayWrite: true,
    });
    expect((await app.askWith(reader)('POST key/validate')).json).toMatchObject({ mayWrite: false });
    expect(await app.askWith(reader)('GET users?limit=1')).toMatchObject({ status: 200 });
    expect(await app.askWith(reader)('DELETE user?userId=none')).toMatchObject(forbidden);
    // What it says of other routes counts for nothing.
    expect(await app.askWith(reader)('DELETE user?userId=none&x=/api/analytics')).toMatchObject(forbidden);
    expect(await app.askWith(boss)('DELETE user?userId=none')).toMatchObject({ status: 200 });

    expect((await app.askWith(reader)('POST analytics', { email: 'x' })).json).toEqual({ status: 'OK' });
    expect((await app.askWith(reader)('POST signout')).json).toEqual({ status: 'OK' });
    expect(await app.askWith(reader)('GET users?limit=1')).toMatchObject(unauthorised);
    expect(await app.askWith(boss)('GET users?limit=1')).toMatchObject({ status: 200 });
  });

  it('a sign-in needs both, and no user of the application signs in here', async () => {
    const user = await app.newUser();
    const ask = app.askWith(undefined);
    const wrong = { status: 200, json: { status: 'INVALID_CREDENTIALS_ERROR' } };
    expect(await ask('POST signin', { email: user.email, password: PASSWORD })).toMatchObject(wrong);
    expect(await ask('POST signin', { email: 'boss@example.com', password: PASSWORD })).toMatchObject(wrong);
    expect(await ask('POST signin', { email: 'boss@example.com' })).toMatchObject({
      status: 400,
      json: { message: "Missing required parameter 'password'" },
    });
    expect(await ask('POST signin', { email: 1, password: [] })).toMatchObject({ status: 400 });
    expect(await ask('POST signin', 'no json')).toMatchObject({ status: 400 });
  });
});

describe.each(onExpress)("the application's own session in the dashboard on %s", (framework) => {
  let app: DashboardApp;
  beforeAll(async () => {
    app = await startDashboardApp(framework);
    const roles = app.app.get(UserRolesFunctions, { strict: false });
    await roles.createNewRoleOrAddPermissions({ role: 'support', permissions: ['dashboard:read'] });
    await roles.createNewRoleOrAddPermissions({ role: 'owner', permissions: ['dashboard:write'] });
  });
  afterAll(() => app.app.close());

  async function signedIn(role?: string, transferMethod: 'cookie' | 'header' = 'cookie') {
    const client = app.client({ transferMethod });
    const { user } = (await (await client.signUp(newEmail(), PASSWORD)).json()) as { user: { id: string } };
    const roles = app.app.get(UserRolesFunctions, { strict: false });
    if (role !== undefined) await roles.addRoleToUser({ userId: user.id, role });
    return { client, userId: user.id, roles };
  }

  it('lets in by a permission as it is now, and by no other', async () => {
    const { client, userId, roles } = await signedIn('support');
    const read = () => client.get('/auth/dashboard/api/users?limit=1');
    expect((await read()).status).toBe(200);
    expect(await (await client.auth('dashboard/api/key/validate', {})).json()).toEqual({
      status: 'OK',
      actor: { type: 'session', userId, tenantId: 'public' },
      mayWrite: false,
    });
    expect((await client.fetch('/auth/dashboard/api/user?userId=x', { method: 'DELETE' })).status).toBe(403);
    await roles.removeUserRole({ userId, role: 'support' });
    expect((await read()).status).toBe(401);
    const stranger = await signedIn();
    expect((await stranger.client.get('/auth/dashboard/api/users?limit=1')).status).toBe(401);
  });

  it('lets in nobody by a permission in the tenant of a customer: the dashboard shows all of them', async () => {
    const tenants = app.app.get(TenantsCore, { strict: false });
    await tenants.createTenant('customer');
    const client = app.client({ transferMethod: 'cookie' });
    const formFields = Object.entries({ email: newEmail(), password: PASSWORD }).map(([id, value]) => ({ id, value }));
    const { user } = (await (await client.auth('customer/signup', { formFields })).json()) as { user: { id: string } };
    const roles = app.app.get(UserRolesFunctions, { strict: false });
    await roles.addRoleToUser({ tenantId: 'customer', userId: user.id, role: 'owner' });
    for (const path of ['users?limit=1', 'tenants']) {
      expect((await client.get(`/auth/dashboard/api/${path}`)).status).toBe(401);
      expect((await client.get(`/auth/customer/dashboard/api/${path}`)).status).toBe(401);
    }
  });

  it('changes nothing unless the request says that it comes from the page', async () => {
    const { client } = await signedIn('owner');
    const cookie = client.cookies.headerFor('/auth/dashboard')!;
    const remove = (headers: Record<string, string>) =>
      app.askWith(undefined)('DELETE user?userId=nobody', undefined, { cookie, ...headers });
    expect(await remove({})).toMatchObject({ status: 403 });
    expect(await remove({ origin: 'https://evil.example.com' })).toMatchObject({ status: 403 });
    expect(await remove({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect(await remove({ rid: 'dashboard' })).toMatchObject({ status: 200 });
    expect(await remove({ 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 200 });
    const byHeader = await signedIn('owner', 'header');
    const token = byHeader.client.tokens.accessToken!;
    expect(await app.askWith(token)('DELETE user?userId=nobody')).toMatchObject({ status: 200 });
  });

  it('has ended where it was revoked', async () => {
    const { client } = await signedIn('support');
    const cookie = client.cookies.headerFor('/auth/dashboard')!;
    await client.signOut();
    expect(await app.askWith(undefined)('GET users?limit=1', undefined, { cookie })).toMatchObject({ status: 401 });
  });
});

describe.each(onFastify)('too many keys on %s', (framework) => {
  it('are refused, the right one too; good ones are not counted', async () => {
    const dashboardKey = { address: [{ attempts: 3, seconds: 60 }] };
    const app = await startDashboardApp(framework, { auth: { attemptLimits: { actions: { dashboardKey } } } });
    try {
      for (let at = 0; at < 5; at += 1) expect(await app.ask('POST key/validate')).toMatchObject({ status: 200 });
      for (let at = 0; at < 3; at += 1)
        expect(await app.askWith('wrong')('POST key/validate')).toMatchObject(unauthorised);
      const refused = await app.ask('POST key/validate');
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      // Who has no key is nobody, however often.
      expect(await app.askWith(undefined)('POST key/validate')).toMatchObject(unauthorised);
    } finally {
      await app.app.close();
    }
  });

  it('count passwords by account as well', async () => {
    const dashboardSignIn = { account: [{ attempts: 2, seconds: 60 }] };
    const app = await startDashboardApp(framework, { auth: { attemptLimits: { actions: { dashboardSignIn } } } });
    try {
      await app.staff('ann@example.com');
      const signIn = async (password: string) =>
        (await app.askWith(undefined)('POST signin', { email: ' Ann@example.com', password })).json.status;
      expect([await signIn('wrong'), await signIn('wrong'), await signIn(STAFF_PASSWORD)]).toEqual([
        'INVALID_CREDENTIALS_ERROR',
        'INVALID_CREDENTIALS_ERROR',
        'GENERAL_ERROR',
      ]);
    } finally {
      await app.app.close();
    }
  });
});

describe.each(onExpress)('an override of who is let in on %s', (framework) => {
  const questions: Pick<ShouldAllowAccessInput, 'method' | 'isWrite'>[] = [];

  @Injectable()
  class OfficeOnly extends DashboardFunctions {
    override async getActor(input: GetActorInput) {
      const name = input.req.getHeaderValue('x-office');
      return name === undefined ? super.getActor(input) : { type: 'application' as const, name, mayWrite: true };
    }
    override async shouldAllowAccess(input: ShouldAllowAccessInput) {
      questions.push({ method: input.method, isWrite: input.isWrite });
      return input.method !== 'userDELETE' && (input.method === 'searchTagsGET' || super.shouldAllowAccess(input));
    }
  }

  it('names somebody of its own, forbids one route and opens another', async () => {
    const app = await startDashboardApp(framework, {
      dashboard: { apiKey: API_KEY, override: { functions: OfficeOnly } },
      others: [EmailPasswordRecipe.init()],
    });
    try {
      const office = { 'x-office': 'Ann' };
      expect((await app.askWith(undefined)('POST key/validate', undefined, office)).json).toEqual({
        status: 'OK',
        actor: { type: 'application', name: 'Ann' },
        mayWrite: true,
      });
      expect(await app.ask('DELETE user?userId=x')).toMatchObject(forbidden);
      expect(await app.askWith(undefined)('DELETE user?userId=x')).toMatchObject(unauthorised);
      expect(await app.askWith(undefined)('GET search/tags')).toMatchObject({ status: 200 });
      expect(questions).toContainEqual({ method: 'userDELETE', isWrite: true });
    } finally {
      await app.app.close();
    }
  });
});

describe.each(onFastify)('an override of routes of the dashboard on %s', (framework) => {
  /** As in docs/guides/dashboard.md. */
  @Injectable()
  class SupportRules extends DashboardApi {
    override userPasswordPUT = DISABLED;

    override async userDELETE(input: UserDELETEInput) {
      const user = await this.users.getUser(input.userId);
      const isEmployee = user?.emails.some((address) => address.endsWith('@example.com'));
      if (isEmployee && input.actor.type !== 'apiKey') {
        throw new DashboardRefusedError(403, 'Employees are deleted by operations');
      }
      return super.userDELETE(input);
    }
  }

  it('forbids one, and narrows another by whom it is about and by who asks, without a note of what was refused', async () => {
    const app = await startDashboardApp(framework, {
      dashboard: { apiKey: API_KEY, override: { apis: SupportRules } },
      others: [EmailPasswordRecipe.init()],
    });
    try {
      const ann = app.askWith(await app.staff('ann@example.com'));
      const [employee, other] = [await app.newUser('staff@example.com'), await app.newUser('one@example.org')];
      expect(await app.ask('PUT user/password', { recipeUserId: other.id, newPassword: PASSWORD })).toMatchObject({
        status: 404,
      });
      expect(await ann(`DELETE user?userId=${employee.id}`)).toMatchObject({
        status: 403,
        json: { message: 'Employees are deleted by operations' },
      });
      expect((await app.ask(`GET audit?userId=${employee.id}`)).json.entries).toEqual([]);
      expect((await ann(`DELETE user?userId=${other.id}`)).json).toEqual({ status: 'OK' });
      expect((await app.ask(`DELETE user?userId=${employee.id}`)).json).toEqual({ status: 'OK' });
      expect((await app.ask('GET audit?limit=2')).json.entries).toMatchObject([
        { action: 'userDELETE', userId: employee.id, actor: { type: 'apiKey' } },
        { action: 'userDELETE', userId: other.id, actor: { type: 'dashboardUser', email: 'ann@example.com' } },
      ]);
    } finally {
      await app.app.close();
    }
  });
});
