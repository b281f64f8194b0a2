import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AttemptLimits,
  type CoreOptions,
  EmailPasswordRecipe,
  generalError,
  Session,
  SessionContainer,
  SessionRecipe,
  Users,
} from 'latchkey';
import { Core } from 'latchkey/recipe-kit';
import { createCoreService } from 'latchkey/core-service';
import { TenantConfigCore } from '../../../lib/core/tenant-config.core.js';
import { TenantsCore } from '../../../lib/core/tenants.core.js';
import { type AuthApp, startAuthApp } from '../../support/auth-app.js';
import type { Framework } from '../../support/frameworks.js';
import { postgresSchema } from '../../support/postgres-schema.js';
import { BadgesController } from './badges/badges.controller.js';
import {
  BadgeColourClaim,
  BadgesApi,
  BadgesCore,
  BadgesFunctions,
  type BadgeInput,
  badgesPart,
  BadgesRecipe,
  type IssueBadgePOSTInput,
} from './badges/index.js';

const DAY_MS = 86_400_000;
const passwordHashing = { memoryCostKiB: 64, timeCost: 1 };
const engine = { passwordHashing, badgeLifetimeDays: 2 };

interface Place {
  core: CoreOptions;
  close(): Promise<void>;
}

/** Where the badges are kept. */
const places: Record<string, () => Promise<Place>> = {
  SQLite: async () => ({ core: { sqlite: ':memory:', ...engine }, close: async () => {} }),
  PostgreSQL: async () => {
    const { url, schema, drop } = postgresSchema();
    return { core: { postgres: { connectionString: url, max: 4 }, schema, ...engine }, close: drop };
  },
  'a core service': async () => {
    const service = await createCoreService({
      logLevel: 'off',
      database: { sqlite: ':memory:' },
      engine,
      parts: [badgesPart],
      controllers: [BadgesController],
    });
    await service.listen(0, '127.0.0.1');
    return { core: { connectionURI: await service.getUrl() }, close: () => service.close() };
  },
};

@Injectable()
class LostBadges {
  readonly codes = new Set(['L-1']);
}

@Module({ providers: [LostBadges], exports: [LostBadges] })
class LostBadgesModule {}

@Injectable()
class WithoutLostOnes extends BadgesFunctions {
  constructor(private readonly lost: LostBadges) {
    super();
  }

  override async enter(input: BadgeInput) {
    return this.lost.codes.has(input.code) ? { status: 'WRONG_BADGE_ERROR' as const } : super.enter(input);
  }
}

@Injectable()
class NoGreenBadges extends BadgesApi {
  override async issueBadgePOST(input: IssueBadgePOSTInput) {
    return input.colour === 'green' ? generalError('We have no green ones.') : super.issueBadgePOST(input);
  }
}

@Controller('door')
class DoorController {
  @Get()
  @Session()
  enter(@Session() session: SessionContainer) {
    return { colour: BadgeColourClaim.getValueFromPayload(session.getAccessTokenPayload()) };
  }

  @Get('vault')
  @Session({ overrideGlobalClaimValidators: (all) => [...all, BadgeColourClaim.validators.hasValue('red')] })
  vault() {
    return 'gold';
  }
}

const start = (framework: Framework, core: CoreOptions, options: { colours?: string[] } = {}) =>
  startAuthApp(framework, {
    auth: {
      core,
      imports: [LostBadgesModule],
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init(),
        BadgesRecipe.init({ ...options, override: { apis: NoGreenBadges, functions: WithoutLostOnes } }),
      ],
    },
    application: { controllers: [DoorController] },
  });

describe.each<[Framework, string]>([
  ['Express', 'SQLite'],
  ['Fastify', 'PostgreSQL'],
  ['Express', 'a core service'],
])('A recipe from elsewhere on %s with %s', (framework, place) => {
  let kept: Place;
  let app: AuthApp;

  beforeAll(async () => {
    kept = await places[place]!();
    app = await start(framework, kept.core);
  });
  afterAll(async () => {
    await app?.app.close();
    await kept?.close();
  });

  async function issue(code: string, more: object = {}, path = 'badge') {
    const client = app.client();
    const response = await client.auth(path, { code, pin: '1234', colour: 'red', ...more });
    return { client, status: response.status, answer: (await response.json()) as { status: string; user?: never } };
  }

  it('signs in by POST, for a way in of its own that users are listed by', async () => {
    const { answer } = await issue('A-1');
    const again = await issue('A-1');
    const users = app.app.get(Users, { strict: false });
    const entered = await app.client().auth('badge/enter', { code: 'A-1', pin: '1234' });
    const refused = await app.client().auth('badge/enter', { code: 'A-1', pin: '9999' });

    expect(answer).toMatchObject({
      status: 'OK',
      user: { loginMethods: [{ recipeId: 'badge', accountKey: 'A-1', tenantIds: ['public'] }], emails: [] },
    });
    expect(again.answer).toEqual({ status: 'BADGE_ALREADY_EXISTS_ERROR' });
    expect(await entered.json()).toEqual(answer);
    expect(await refused.json()).toEqual({ status: 'WRONG_BADGE_ERROR' });
    const found = await users.listUsersByAccountInfo({ accountKey: { recipeId: 'badge', key: 'A-1' } });
    expect(found).toEqual([(answer as unknown as { user: unknown }).user]);
    expect(await users.listUsersByAccountInfo({ accountKey: { recipeId: 'emailpassword', key: 'A-1' } })).toEqual([]);
    expect(await users.getUserCount({ includeRecipeIds: ['badge'] })).toBeGreaterThan(0);
    expect(await users.getUserCount({ includeRecipeIds: ['emailpassword'] })).toBe(0);
  });

  it('answers GET by its own table, and by the lifetime that its option gives', async () => {
    const beforeMs = Date.now();
    const { client } = await issue('A-2');
    const answer = (await (await client.get('/auth/badge')).json()) as { badge: { expiresAtMs: number } };

    expect(answer).toMatchObject({ status: 'OK', badge: { colour: 'red' } });
    expect(answer.badge.expiresAtMs - beforeMs).toBeGreaterThanOrEqual(2 * DAY_MS);
    expect(answer.badge.expiresAtMs - Date.now()).toBeLessThanOrEqual(2 * DAY_MS);
    expect((await app.client().get('/auth/badge')).status).toBe(401);
  });

  it('puts its claim into sessions, and into those that are there when PUT changes the fact', async () => {
    const { client } = await issue('A-3');
    expect(await (await client.get('/door')).json()).toEqual({ colour: 'red' });
    expect(await (await client.get('/door/vault')).text()).toBe('gold');

    const painted = await client.fetch('/auth/badge/blue', { method: 'PUT' });
    await client.refresh();

    expect(await painted.json()).toEqual({ status: 'OK' });
    expect(await (await client.get('/door')).json()).toEqual({ colour: 'blue' });
    expect((await client.get('/door/vault')).status).toBe(403);
    expect((await client.fetch('/auth/badge/pink', { method: 'PUT' })).status).toBe(400);
  });

  it('is closed to pages of other origins by PUT and DELETE as well', async () => {
    const { client } = await issue('A-44');
    const headers = { origin: 'https://evil.example' };
    for (const [path, method] of [
      ['/auth/badge/blue', 'PUT'],
      ['/auth/badge', 'DELETE'],
    ] as const) {
      expect((await client.fetch(path, { method, headers })).status).toBe(403);
    }
  });

  it('takes everything away by DELETE, its own rows too', async () => {
    const { client, answer } = await issue('A-4');
    const { id } = (answer as unknown as { user: { id: string } }).user;

    expect(await (await client.fetch('/auth/badge', { method: 'DELETE' })).json()).toEqual({ status: 'OK' });
    expect(await app.app.get(BadgesCore, { strict: false }).getBadge(id)).toBeUndefined();
    expect((await issue('A-4')).answer.status).toBe('OK');
  });

  it('sends its message in the transaction of what it tells', async () => {
    await issue('A-5', { contactEmail: 'ada@example.com' });
    const email = await app.emails().next('badgeIssued', 'ada@example.com');

    expect(email).toMatchObject({ kind: 'badgeIssued', colour: 'red', tenantId: 'public' });
  });

  it('lets nobody try PINs as often as they like', async () => {
    await issue('A-70');
    const enter = async (pin: string, code = 'A-70') =>
      (await (await app.client().auth('badge/enter', { code, pin })).json()) as { status: string };
    for (let time = 0; time < 5; time++) expect(await enter('9999')).toEqual({ status: 'WRONG_BADGE_ERROR' });
    expect(await enter('1234')).toMatchObject({ status: 'GENERAL_ERROR' });
    const [user] = await app.app
      .get(Users, { strict: false })
      .listUsersByAccountInfo({ accountKey: { recipeId: 'badge', key: 'A-70' } });
    await app.app.get(AttemptLimits, { strict: false }).unlock({ userId: user!.id });
    expect(await enter('1234')).toMatchObject({ status: 'OK' });
  });

  it('is overridden by subclasses, with dependencies of the application', async () => {
    expect((await issue('L-1')).answer.status).toBe('OK');
    const lost = await app.client().auth('badge/enter', { code: 'L-1', pin: '1234' });

    expect(await lost.json()).toEqual({ status: 'WRONG_BADGE_ERROR' });
    expect((await issue('A-6', { colour: 'green' })).answer).toEqual({
      status: 'GENERAL_ERROR',
      message: 'We have no green ones.',
    });
  });

  it('is one of the ways in, and none in a tenant that leaves it out', async () => {
    const methods = (await (await app.client().get('/auth/loginmethods')).json()) as { firstFactors: string[] };
    expect(methods.firstFactors).toEqual(['badge', 'emailpassword']);

    const core = app.app.get(Core, { strict: false });
    await core.port(TenantsCore).createTenant('office');
    await core.port(TenantConfigCore).updateTenantConfig({ tenantId: 'office', firstFactors: ['emailpassword'] });
    const there = await app.client().get('/auth/office/loginmethods');
    expect(((await there.json()) as { firstFactors: string[] }).firstFactors).toEqual(['emailpassword']);
    expect((await issue('A-8', {}, 'office/badge')).answer).toEqual({
      status: 'GENERAL_ERROR',
      message: 'This way of signing in is not available here. Please use another one.',
    });
  });

  it('holds its names in each tenant', async () => {
    const tenants = app.app.get(Core, { strict: false }).port(TenantsCore);
    const tenantId = 'acme';
    await tenants.createTenant(tenantId);
    const here = (await issue('A-7')).answer as unknown as { user: { id: string } };
    const member = { tenantId, recipeUserId: here.user.id };

    expect(await tenants.addLoginMethodToTenant(member)).toEqual({ status: 'OK', wasAlreadyAssociated: false });
    expect((await issue('A-7', {}, 'acme/badge')).answer.status).toBe('BADGE_ALREADY_EXISTS_ERROR');

    await tenants.removeLoginMethodFromTenant(member);
    await tenants.removeLoginMethodFromTenant({ ...member, tenantId: 'public' });
    expect((await issue('A-7', {}, 'acme/badge')).answer.status).toBe('OK');
    // It was in no tenant, and has not forgotten its name.
    expect(await tenants.addLoginMethodToTenant(member)).toEqual({ status: 'BADGE_ALREADY_EXISTS_ERROR' });
  });

  it('refuses bad input', async () => {
    expect((await issue('lower')).status).toBe(400);
    const wrongType = await app.client().fetch('/auth/badge/blue', {
      method: 'PUT',
      body: 'x',
      headers: { 'content-type': 'text/plain' },
    });
    expect(wrongType.status).toBe(415);
  });
});
