import { EventEmitter, on } from 'node:events';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, Mutation, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  PrimitiveClaim,
  Session,
  SessionContainer,
  SessionFunctions,
  SessionWatch,
  type SessionClaimValidator,
} from 'latchkey';
import { GraphqlTransport } from 'latchkey/graphql';
import { clockAhead } from '../../support/clock-ahead.js';
import { signedByAttacker } from '../../support/forged-tokens.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';
import { subscribe, type SubscriptionOptions } from '../../support/subscription-client.js';

const HOUR_MS = 3_600_000;
const OTHER_SITE = 'https://other.example';
const plan = new PrimitiveClaim<string>({ key: 'plan', fetchValue: () => 'pro' });
const refusing: SessionClaimValidator = { id: 'paid', validate: () => ({ isValid: false, reason: 'not paid' }) };
const demanding = { overrideGlobalClaimValidators: () => [refusing] };

@Resolver('Person')
class PeopleResolver {
  private readonly emitter = new EventEmitter();

  @Query('me')
  me(@Session() session: SessionContainer) {
    return { id: session.getUserId() };
  }

  @Query('demanding')
  demanding(@Session(demanding) _session: SessionContainer) {
    return 'reached';
  }

  @Query('open')
  open() {
    return 'open';
  }

  @Mutation('upgrade')
  @Session()
  async upgrade(@Session() session: SessionContainer) {
    await session.fetchAndSetClaim(plan);
    return 'done';
  }

  @ResolveField('secret')
  secret(@Session(demanding) _session: SessionContainer) {
    return 'reached';
  }

  @Subscription('ticks')
  ticks(@Session() session: SessionContainer) {
    return this.ticksOf('ticks', session.getUserId());
  }

  @Subscription('openTicks')
  openTicks() {
    return this.ticksOf('openTicks', 'open');
  }

  private ticksOf(field: string, first: string): AsyncIterableIterator<object> {
    const more = on(this.emitter, field);
    let isFirst = true;
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        if (isFirst) {
          isFirst = false;
          return { done: false, value: { [field]: first } };
        }
        const { done } = await more.next();
        return done ? { done, value: undefined } : { done: false, value: { [field]: 'more' } };
      },
      async return() {
        await more.return?.();
        return { done: true, value: undefined };
      },
    };
  }
}

const typeDefs = `
  type Person { id: String! secret: String }
  type Query { me: Person demanding: String open: String }
  type Mutation { upgrade: String }
  type Subscription { ticks: String openTicks: String }
`;

const apollo = GraphQLModule.forRoot<ApolloDriverConfig>({
  driver: ApolloDriver,
  typeDefs,
  introspection: true,
  allowBatchedHttpRequests: true,
  subscriptions: { 'graphql-ws': true },
  fieldResolverEnhancers: ['guards', 'filters'],
});
const mercurius = GraphQLModule.forRoot<MercuriusDriverConfig>({
  driver: MercuriusDriver,
  typeDefs,
  subscription: { context: (socket) => ({ socket }) as never },
});

describe.each([
  ['Apollo on Express', 'Express', apollo],
  ['Mercurius on Fastify', 'Fastify', mercurius],
] as const)('Resolvers of %s', (name, framework, graphql) => {
  const isApollo = name.startsWith('Apollo');
  let app: SessionApp;
  let setClock: (aheadMs: number) => void;
  const opened: { close(): void }[] = [];

  beforeAll(async () => {
    setClock = clockAhead();
    app = await startSessionApp(framework, {
      imports: [graphql],
      transports: [GraphqlTransport.init()],
      providers: [PeopleResolver],
      session: { sessionExpiredStatusCode: 440, openConnectionCheckSeconds: 3600 },
    });
  });
  afterEach(() => {
    setClock(0);
    for (const subscription of opened.splice(0)) subscription.close();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const ask = async (client: ReturnType<SessionApp['client']>, body: object) =>
    (await (await client.post('/graphql', body)).json()) as unknown;
  const open = (query: string, options?: SubscriptionOptions) => {
    const subscription = subscribe(app.url, query, options);
    opened.push(subscription);
    return subscription;
  };
  const tokenOf = async (userId = 'grace') => {
    const { client, handle } = await app.signedIn('header', { userId });
    return { token: client.tokens.accessToken!, handle };
  };
  const errorOf = (code: string, reason: string) =>
    expect.arrayContaining([expect.objectContaining({ extensions: expect.objectContaining({ code, reason }) })]);

  it('says by code and reason what a client can do, whatever the status', async () => {
    const { client } = await app.signedIn('header', { userId: 'grace' });
    const nobody = await ask(app.client(), { query: '{ me { id } open }' });
    expect(nobody).toMatchObject({
      data: { me: null, open: 'open' },
      errors: errorOf('UNAUTHENTICATED', 'UNAUTHORISED'),
    });
    expect(await ask(client, { query: '{ demanding }' })).toMatchObject({
      errors: [
        { extensions: { code: 'FORBIDDEN', reason: 'INVALID_CLAIMS', claimValidationErrors: [{ id: 'paid' }] } },
      ],
    });
    setClock(HOUR_MS);
    const expired = await ask(client, { query: '{ me { id } }' });
    expect(expired).toMatchObject({ errors: errorOf('UNAUTHENTICATED', 'TRY_REFRESH_TOKEN') });
  });

  it('gives a subscription the session of its connection, and closes that when the session ends', async () => {
    const { token, handle } = await tokenOf();
    const byParams = [{ Authorization: `Bearer ${token}` }, { headers: { authorization: token } }];
    for (const connectionParams of byParams) {
      const subscription = open('subscription { ticks }', { connectionParams });
      expect(await subscription.first).toMatchObject({ data: { ticks: 'grace' } });
    }
    const byCookie = open('subscription { ticks }', { headers: { cookie: `sAccessToken=${token}`, origin: app.url } });
    expect(await byCookie.first).toMatchObject({ data: { ticks: 'grace' } });
    await app.app.get(SessionFunctions).revokeSession({ sessionHandle: handle });
    expect(await byCookie.closed).toBe(4401);
  });

  it('lets a client connect again when its token has expired', async () => {
    const { token } = await tokenOf();
    const subscription = open('subscription { ticks }', { connectionParams: { authorization: token } });
    await subscription.first;
    setClock(HOUR_MS);
    await app.app.get(SessionWatch).check();
    expect(await subscription.closed).toBe(4403);
  });

  it('refuses subscriptions without a good token, of other sites, and with a token in the query string', async () => {
    const { token } = await tokenOf();
    const cookie = `sAccessToken=${token}`;
    const cases: [SubscriptionOptions, string, string][] = [
      [{}, 'UNAUTHENTICATED', 'UNAUTHORISED'],
      [{ connectionParams: { authorization: signedByAttacker(token) } }, 'UNAUTHENTICATED', 'TRY_REFRESH_TOKEN'],
      [{ headers: { cookie, origin: OTHER_SITE } }, 'FORBIDDEN', 'FOREIGN_ORIGIN'],
      [
        { headers: { cookie, origin: OTHER_SITE }, connectionParams: { 'sec-fetch-site': 'same-origin' } },
        'FORBIDDEN',
        'FOREIGN_ORIGIN',
      ],
      [{ query: `?token=${token}`, connectionParams: { authorization: token } }, 'BAD_USER_INPUT', 'BAD_INPUT'],
    ];
    for (const [options, code, reason] of cases) {
      expect(await open('subscription { ticks }', options).first).toEqual(errorOf(code, reason));
    }
    const stranger = open('subscription { openTicks }', { query: `?token=${token}` });
    expect(await stranger.first).toMatchObject({ data: { openTicks: 'open' } });
  });

  if (!isApollo) return;

  it('knows the session of aliases, batches and fields, sets new tokens, and leaves introspection open', async () => {
    const { client } = await app.signedIn('header', { userId: 'grace' });
    const batch = [{ query: '{ a: me { id } b: me { id secret } }' }, { query: '{ __schema { queryType { name } } }' }];
    expect(await ask(client, batch)).toMatchObject([
      {
        data: { a: { id: 'grace' }, b: { id: 'grace', secret: null } },
        errors: errorOf('FORBIDDEN', 'INVALID_CLAIMS'),
      },
      { data: { __schema: { queryType: { name: 'Query' } } } },
    ]);
    expect(await ask(app.client(), { query: '{ __schema { queryType { name } } }' })).toMatchObject({ data: {} });
    const changed = await client.post('/graphql', { query: 'mutation { upgrade }' });
    expect([await changed.json(), changed.headers.has('st-access-token')]).toEqual([
      { data: { upgrade: 'done' } },
      true,
    ]);
  });
});
