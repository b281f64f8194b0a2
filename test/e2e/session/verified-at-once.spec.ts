import { Controller, Get, Injectable, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { sql } from 'kysely';
import { AnyOf, AuthDatabase, PrimitiveArrayClaim, Session, SessionGuard, type TokenTransferMethod } from 'latchkey';
import { SqliteDriver } from '../../../lib/core/embedded/storage/sqlite/sqlite-driver.js';
import { frontTokenOf } from '../../support/answers.js';
import { frameworks } from '../../support/frameworks.js';
import { isOfRequest, markRequests } from '../../support/marked-requests.js';
import { startSessionApp, type SessionApp, type SessionAppOptions } from '../../support/session-app.js';

const groups = new PrimitiveArrayClaim<string>({ key: 'groups', fetchValue: () => [] });

type Settings = NonNullable<SessionAppOptions['session']>;

/** What the guard returned to Nest, as it was. */
const returned: unknown[] = [];

@Injectable()
class WatchedGuard extends SessionGuard {
  override canActivate(context: ExecutionContext) {
    const result = super.canActivate(context);
    returned.push(result instanceof Promise ? 'a promise' : result);
    return result;
  }
}

class NobodyGuard implements CanActivate {
  canActivate() {
    return false;
  }
}

class WatchedAlternatives extends AnyOf(NobodyGuard, SessionGuard) {
  override canActivate(context: ExecutionContext) {
    const result = super.canActivate(context);
    returned.push(result instanceof Promise ? 'a promise' : result);
    return result;
  }
}

@Controller('alternatives')
@UseGuards(WatchedAlternatives)
class AlternativesController {
  @Get()
  plain() {
    return {};
  }
}

@Controller('watched')
@UseGuards(WatchedGuard)
class WatchedController {
  @Get()
  plain() {
    return {};
  }

  @Get('of-its-own')
  @Session({ overrideGlobalClaimValidators: () => [] })
  ofItsOwn() {
    return {};
  }

  @Get('waiting')
  @Session({ overrideGlobalClaimValidators: async () => [] })
  waiting() {
    return {};
  }

  @Get('claimed')
  @Session({ overrideGlobalClaimValidators: (global) => [...global, groups.validators.includesAny(['a', 'b'])] })
  claimed() {
    return {};
  }

  @Get('checked')
  @Session({ checkDatabase: true })
  checked() {
    return {};
  }
}

async function start(framework: (typeof frameworks)[number], session?: Settings): Promise<SessionApp> {
  return startSessionApp(framework, { session, controllers: [WatchedController, AlternativesController] });
}

describe.each(frameworks)('A guarded request on %s', (framework) => {
  let running: SessionApp;

  beforeAll(async () => {
    running = await start(framework);
    markRequests(running.app);
  });
  afterAll(() => running.close());
  afterEach(() => void jest.restoreAllMocks());

  /** How often requests have asked for the database; housekeeping, here or of another core in this process, does not count. */
  function countDatabaseUses(): () => number {
    let uses = 0;
    const { acquireConnection } = SqliteDriver.prototype;
    jest.spyOn(SqliteDriver.prototype, 'acquireConnection').mockImplementation(function (this: SqliteDriver) {
      if (isOfRequest()) uses++;
      return acquireConnection.call(this);
    });
    return () => uses;
  }

  async function guardReturns(path: string, transferMethod: TokenTransferMethod): Promise<unknown[]> {
    const accessTokenPayload = groups.addToPayload({}, ['b'], {});
    const { client } = await running.signedIn(transferMethod, { accessTokenPayload });
    returned.length = 0;
    for (let request = 0; request < 3; request++) expect((await client.get(path)).status).toBe(200);
    return returned.splice(0);
  }

  test.each(['header', 'cookie'] as const)('does not wait for a token of the %s that is remembered', async (method) => {
    expect(await guardReturns('/watched', method)).toEqual(['a promise', true, true]);
  });

  test('does not wait for one of several guards', async () => {
    expect(await guardReturns('/alternatives', 'header')).toEqual(['a promise', true, true]);
  });

  test('does not wait for validators that are there, and waits for those that are not', async () => {
    // The guard of the method comes first, and has done the work.
    expect((await guardReturns('/watched/of-its-own', 'header')).slice(1)).not.toContain('a promise');
    expect(await guardReturns('/watched/waiting', 'header')).toContain('a promise');
  });

  test('does not wait for claims that are in the token', async () => {
    expect((await guardReturns('/watched/claimed', 'header')).slice(1)).not.toContain('a promise');
    const { client } = await running.signedIn('header', { accessTokenPayload: groups.addToPayload({}, ['c'], {}) });
    expect((await client.get('/watched/claimed')).status).toBe(403);
  });

  test.each(['header', 'cookie'] as const)('touches the database by none of its %s tokens', async (method) => {
    const { client } = await running.signedIn(method);
    const databaseUses = countDatabaseUses();
    for (let request = 0; request < 3; request++) expect((await client.get('/watched')).status).toBe(200);
    expect(databaseUses()).toBe(0);
    expect((await client.get('/watched/checked')).status).toBe(200);
    expect(databaseUses()).toBe(1);
  });

  test.each(['header', 'cookie'] as const)(
    'touches the database by the first of its %s tokens after a refresh, and then no more',
    async (method) => {
      const { client } = await running.signedIn(method);
      expect((await client.refresh()).status).toBe(200);
      const replaced = running.client(method);
      Object.assign(replaced.tokens, client.tokens);
      if (method === 'cookie') replaced.cookies.set('sAccessToken', client.cookies.get('sAccessToken')!, '/');
      const databaseUses = countDatabaseUses();
      const first = await client.get('/watched');
      expect([first.status, frontTokenOf(first)]).toEqual([200, expect.objectContaining({ uid: 'ada' })]);
      expect(databaseUses()).toBe(2);
      for (const holder of [client, client, client, replaced, replaced]) {
        const next = await holder.get('/watched');
        expect([next.status, next.headers.get('front-token')]).toEqual([200, null]);
      }
      expect(databaseUses()).toBe(2);
    },
  );

  test('is answered after a refresh also where the database takes no changes', async () => {
    const { client } = await running.signedIn('header');
    await client.refresh();
    const database = await running.app.get(AuthDatabase, { strict: false }).current();
    await sql`pragma query_only = on`.execute(database);
    try {
      const served = await client.get('/watched');
      expect([served.status, served.headers.get('front-token')]).toEqual([200, null]);
      expect((await client.get('/watched/checked')).status).toBe(503);
    } finally {
      await sql`pragma query_only = off`.execute(database);
    }
    expect((await client.get('/watched/checked')).status).toBe(200);
    expect((await client.get('/watched')).status).toBe(200);
  });

  test('refuses at once, too: what is thrown without a promise is answered', async () => {
    const response = await running.client().get('/watched');
    expect([response.status, await response.json()]).toEqual([401, { message: 'unauthorised' }]);
  });
});
