import { Controller, Get, HttpCode, Injectable, Post, type Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  Session,
  SessionApi,
  SessionFunctions,
  type GetGlobalClaimValidatorsInput,
  type GetSessionInput,
  type SessionClaimValidator,
  type VerifySessionInput,
} from 'latchkey';
import { onExpress, type Framework } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp, type SessionAppOptions } from '../../support/session-app.js';

const never: SessionClaimValidator = { id: 'never', validate: () => ({ isValid: false, reason: 'no' }) };
const soon: SessionClaimValidator = { id: 'soon', validate: async () => ({ isValid: true }) };

@Controller('guarded')
class GuardedController {
  @Get()
  @Session()
  plain(@Session() session: { getUserId(): string }) {
    return { userId: session.getUserId() };
  }

  @Get('optional')
  optional(@Session({ sessionRequired: false }) session?: { getUserId(): string }) {
    return { userId: session?.getUserId() ?? null };
  }

  @Get('never')
  @Session({ overrideGlobalClaimValidators: (global) => [...global, never] })
  never() {
    return {};
  }

  @Get('soon')
  @Session({ overrideGlobalClaimValidators: async (global) => [...global, soon] })
  soon() {
    return {};
  }

  @Post()
  @HttpCode(200)
  @Session()
  change() {
    return { changed: true };
  }
}

const calls = new Set<string>();
/** The types say that these methods are async, and JavaScript lets them return what they like. */
const asIs = (value: unknown) => value as never;

class AsyncApi extends SessionApi {
  override async verifySession(input: VerifySessionInput) {
    calls.add('verifySession');
    return await super.verifySession(input);
  }
}
class AsyncFunctions extends SessionFunctions {
  override async getSession(input: GetSessionInput) {
    calls.add('getSession');
    return await super.getSession(input);
  }
  override async getGlobalClaimValidators(input: GetGlobalClaimValidatorsInput) {
    calls.add('getGlobalClaimValidators');
    return await super.getGlobalClaimValidators(input);
  }
}

/** Not async, and using what the base class promises. */
class ChainedApi extends SessionApi {
  override verifySession(input: VerifySessionInput) {
    calls.add('verifySession');
    return super.verifySession(input).then((session) => session);
  }
}
class ChainedFunctions extends SessionFunctions {
  override getSession(input: GetSessionInput) {
    calls.add('getSession');
    return super.getSession(input).then((session) => session);
  }
  override getGlobalClaimValidators(input: GetGlobalClaimValidatorsInput) {
    calls.add('getGlobalClaimValidators');
    return asIs(input.claimValidatorsAddedByOtherRecipes);
  }
}

function mixedApi(Base: Type<SessionApi>): Type<SessionApi> {
  @Injectable()
  class Mixed extends Base {
    override verifySession(input: VerifySessionInput) {
      calls.add('verifySession');
      return super.verifySession(input);
    }
  }
  return Mixed;
}
function mixedFunctions(Base: Type<SessionFunctions>): Type<SessionFunctions> {
  @Injectable()
  class Mixed extends Base {
    override getSession(input: GetSessionInput) {
      calls.add('getSession');
      return super.getSession(input);
    }
    override getGlobalClaimValidators(input: GetGlobalClaimValidatorsInput) {
      calls.add('getGlobalClaimValidators');
      return super.getGlobalClaimValidators(input);
    }
  }
  return Mixed;
}

type Settings = NonNullable<SessionAppOptions['session']>;
const forms: [form: string, session: Settings, overridden: boolean][] = [
  ['that are async', { override: { apis: AsyncApi, functions: AsyncFunctions } }, true],
  ['that return promises and values', { override: { apis: ChainedApi, functions: ChainedFunctions } }, true],
  ['by mixins', { override: { apis: [mixedApi], functions: [mixedFunctions] } }, true],
  ['by a spy after the start', {}, false],
];

/** Status, body and what the client is told of its tokens, for requests with a token that is new and then remembered. */
async function answersOf(running: SessionApp): Promise<unknown[]> {
  const answers: unknown[] = [];
  const record = async (response: Response) => {
    const headers = ['front-token', 'st-access-token', 'set-cookie', 'cache-control'].map((name) =>
      response.headers.has(name),
    );
    answers.push([new URL(response.url).pathname, response.status, await response.json(), headers]);
  };
  for (const transferMethod of ['header', 'cookie'] as const) {
    const { client } = await running.signedIn(transferMethod);
    for (const path of ['', '', '/optional', '/never', '/soon']) await record(await client.get(`/guarded${path}`));
    await record(await client.post('/guarded', {}));
    await record(await client.post('/guarded', {}, { headers: { 'anti-csrf': 'wrong' } }));
  }
  const strangers: Record<string, string>[] = [
    {},
    { authorization: 'Bearer made-up' },
    { cookie: 'sIdRefreshToken=old' },
  ];
  for (const headers of strangers) {
    for (const path of ['', '/optional']) await record(await running.client().fetch(`/guarded${path}`, { headers }));
  }
  return answers;
}

const start = (framework: Framework, session: Settings) =>
  startSessionApp(framework, { session: { ...session, antiCsrf: 'VIA_TOKEN' }, controllers: [GuardedController] });

describe.each(onExpress)('Overrides of what a guard calls, on %s,', (framework) => {
  let expected: unknown[];

  beforeAll(async () => {
    const running = await start(framework, {});
    expected = await answersOf(running).finally(() => running.close());
  });
  afterAll(() => void jest.restoreAllMocks());

  test('have something to change', () => {
    const statuses = expected.map((answer) => (answer as [string, number])[1]);
    expect(new Set(statuses)).toEqual(new Set([200, 401, 403]));
  });

  test.each(forms)('%s leave every answer as it is', async (_form, session, isOverridden) => {
    const running = await start(framework, session);
    try {
      calls.clear();
      if (!isOverridden) spyOn(running);
      expect(await answersOf(running)).toEqual(expected);
      expect([...calls].sort()).toEqual(['getGlobalClaimValidators', 'getSession', 'verifySession']);
    } finally {
      await running.close();
    }
  });

  test.each([
    [
      'API',
      {
        apis: class extends SessionApi {
          override verifySession = () => asIs(undefined);
        },
      },
    ],
    [
      'functions',
      {
        functions: class extends SessionFunctions {
          override getSession = () => asIs(undefined);
        },
      },
    ],
  ])('that return nothing at once let nobody in: %s', async (_what, override) => {
    const running = await start(framework, { override });
    try {
      const { client } = await running.signedIn();
      expect((await client.get('/guarded')).status).toBe(401);
      expect(await (await client.get('/guarded/optional')).json()).toEqual({ userId: null });
    } finally {
      await running.close();
    }
  });

  test('that return validators at once add them', async () => {
    class Demanding extends SessionFunctions {
      override getGlobalClaimValidators() {
        return asIs([never]);
      }
    }
    const running = await start(framework, { override: { functions: Demanding } });
    try {
      const { client } = await running.signedIn();
      for (let request = 0; request < 2; request++) expect((await client.get('/guarded')).status).toBe(403);
    } finally {
      await running.close();
    }
  });
});

function spyOn({ app }: SessionApp): void {
  const [api, functions] = [app.get(SessionApi), app.get(SessionFunctions)];
  for (const [target, name] of [
    [api, 'verifySession'],
    [functions, 'getSession'],
    [functions, 'getGlobalClaimValidators'],
  ] as const) {
    const methods = target as unknown as Record<string, (...input: unknown[]) => Promise<unknown>>;
    const original = methods[name]!;
    jest.spyOn(methods, name).mockImplementation(function (this: unknown, ...input) {
      calls.add(name);
      return original.apply(this, input);
    });
  }
}
