import { Controller, Get, Param, UseGuards, type CanActivate } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AnyOf,
  CurrentUser,
  PrimitiveClaim,
  Session,
  SessionContainer,
  SessionGuard,
  type SessionPropertyType,
  type User,
} from 'latchkey';
import { Core } from '../../../lib/core/core.js';
import { UsersCore } from '../../../lib/core/users.core.js';
import { frameworks } from '../../support/frameworks.js';
import { payloadOf, startRolesApp, type RolesApp } from '../../support/roles-app.js';

const plan = new PrimitiveClaim<string>({ key: 'plan', fetchValue: () => 'pro' });

@Controller('invoices')
@Session({ roles: ['accountant'] })
class InvoicesController {
  @Get()
  list() {
    return 'list';
  }

  @Get('both')
  @Session({ permissions: ['invoices:read'] })
  both(@Session({ permissions: { allOf: ['invoices:print', 'a,b'] } }) session: SessionContainer) {
    return session.getUserId();
  }

  @Get('plan')
  @Session({ overrideGlobalClaimValidators: async (global) => [...global, plan.validators.hasValue('pro')] })
  plan(@Session({ permissions: ['invoices:read'] }) session: SessionContainer) {
    return session.getUserId();
  }

  @Get('free')
  @Session({ dropOuterClaimValidators: true })
  free() {
    return 'free';
  }
}

@Controller('parts')
class PartsController {
  @Get('any')
  @Session({ roles: { anyOf: ['admin', 'accountant'] } })
  any() {
    return 'any';
  }

  @Get('all')
  @Session({ roles: { allOf: ['admin', 'accountant'] } })
  all() {
    return 'all';
  }

  @Get('of/:id')
  parts(
    @Session('userId') userId: string,
    @Session('recipeUserId') recipeUserId: string,
    @Session('tenantId') tenantId: string,
    @Session('handle') handle: string,
    @Session('accessToken') accessToken: string,
    @Session('accessTokenPayload', { roles: ['accountant'] }) payload: SessionPropertyType<'accessTokenPayload'>,
    @Param('id') id: string,
  ) {
    return { userId, recipeUserId, tenantId, handle, accessToken, sub: payload.sub, id };
  }

  @Get('maybe')
  maybe(@Session('userId', { sessionRequired: false }) userId: string | undefined) {
    return { userId: userId ?? null };
  }

  @Get('user')
  user(@CurrentUser() user: User, @CurrentUser({ roles: ['accountant'] }) again: User) {
    return { id: user.id, emails: user.emails, isSame: user === again };
  }

  @Get('user/maybe')
  maybeUser(@CurrentUser({ sessionRequired: false }) user: User | undefined) {
    return { id: user?.id ?? null };
  }
}

class NobodyGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Controller('either')
@UseGuards(AnyOf(SessionGuard, NobodyGuard))
class EitherController {
  @Get()
  @Session({ sessionRequired: false, roles: ['accountant'] })
  either() {
    return 'either';
  }
}

describe.each(frameworks)('@Session() with roles on %s', (framework) => {
  let app: RolesApp;

  beforeAll(async () => {
    const permissions = { 'invoices:read': 'See', 'invoices:print': 'Print', 'a,b': 'Commas' };
    const roles = { accountant: ['invoices:read'], admin: [] };
    const controllers = [InvoicesController, PartsController, EitherController];
    app = await startRolesApp(framework, { userRoles: { permissions, roles }, controllers });
  });
  afterAll(() => app.app.close());

  it('lets in those who have them, and refuses others in the words of the wire', async () => {
    const { client } = await app.signedUp('accountant');
    expect((await client.get('/invoices')).status).toBe(200);

    const other = await app.signedUp('admin');
    const refused = await other.client.get('/invoices');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toEqual({
      message: 'invalid claim',
      claimValidationErrors: [
        {
          id: 'st-role',
          reason: { message: 'wrong value', expectedToInclude: ['accountant'], actualValue: ['admin'] },
        },
      ],
    });
    expect((await app.client().get('/invoices')).status).toBe(401);
  });

  it('adds up what class, method and parameter ask for', async () => {
    const { client, userId } = await app.signedUp('accountant');
    const missing = async (path: string) => {
      const { claimValidationErrors = [] } = (await (await client.get(path)).json()) as {
        claimValidationErrors?: { id: string; reason: { expectedToInclude: string[] } }[];
      };
      return claimValidationErrors.map(({ id, reason }) => [id, reason.expectedToInclude]);
    };
    expect(await missing('/invoices/both')).toEqual([['st-perm', ['invoices:print', 'a,b']]]);
    await app.roles.createNewRoleOrAddPermissions({ role: 'printer', permissions: ['invoices:print', 'a,b'] });
    await app.roles.addRoleToUser({ userId, role: 'printer' });
    await client.refresh();
    expect(await (await client.get('/invoices/both')).text()).toBe(userId);
    expect((await client.get('/invoices/plan')).status).toBe(200);

    await app.roles.removeUserRole({ userId, role: 'accountant' });
    await client.refresh();
    expect(await missing('/invoices/both')).toEqual([
      ['st-role', ['accountant']],
      ['st-perm', ['invoices:read']],
    ]);
    expect((await client.get('/invoices/plan')).status).toBe(403);
    // What the class asks for is given up where the method says so, and the session is not.
    expect((await client.get('/invoices/free')).status).toBe(200);
    expect((await app.client().get('/invoices/free')).status).toBe(401);
  });

  it('asks for any, or for all', async () => {
    const { client, userId } = await app.signedUp('accountant');
    expect([(await client.get('/parts/any')).status, (await client.get('/parts/all')).status]).toEqual([200, 403]);
    await app.roles.addRoleToUser({ userId, role: 'admin' });
    await client.refresh();
    expect((await client.get('/parts/all')).status).toBe(200);
    const nobody = await app.signedUp();
    expect((await nobody.client.get('/parts/any')).status).toBe(403);
  });

  it('hands over a property of the session', async () => {
    const { client, userId } = await app.signedUp('accountant');
    expect(await (await client.get('/parts/of/7')).json()).toEqual({
      userId,
      recipeUserId: userId,
      tenantId: 'public',
      handle: (payloadOf(client) as unknown as { sessionHandle: string }).sessionHandle,
      accessToken: client.tokens.accessToken,
      sub: userId,
      id: '7',
    });
    expect((await (await app.signedUp()).client.get('/parts/of/7')).status).toBe(403);
    expect((await app.client().get('/parts/of/7')).status).toBe(401);
    expect(await (await app.client().get('/parts/maybe')).json()).toEqual({ userId: null });
    expect(await (await client.get('/parts/maybe')).json()).toEqual({ userId });
  });

  it('loads the current user once a request', async () => {
    const { client, userId } = await app.signedUp('accountant');
    const core = app.app.get(Core, { strict: false }).port(UsersCore);
    const loads: string[] = [];
    const { getUser } = core;
    core.getUser = async (id) => {
      loads.push(id);
      return getUser.call(core, id);
    };
    try {
      const user = (await (await client.get('/parts/user')).json()) as object;
      expect(user).toEqual({ id: userId, emails: [expect.any(String)], isSame: true });
      expect(loads).toEqual([userId]);
      await client.get('/parts/user');
      expect(loads).toEqual([userId, userId]);

      // Kept elsewhere, or deleted a moment ago.
      core.getUser = async () => undefined;
      expect((await client.get('/parts/user')).status).toBe(401);
    } finally {
      core.getUser = getUser;
    }
    expect(await (await app.client().get('/parts/user/maybe')).json()).toEqual({ id: null });
    expect((await app.client().get('/parts/user')).status).toBe(401);
  });

  it('judges sessions only, where AnyOf lets others in', async () => {
    const [accountant, other] = [await app.signedUp('accountant'), await app.signedUp()];
    expect((await accountant.client.get('/either')).status).toBe(200);
    expect((await other.client.get('/either')).status).toBe(200);
    expect((await app.client().get('/either')).status).toBe(200);
  });
});
