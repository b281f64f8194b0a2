import {
  Injectable,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { GraphQLModule, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  AnyOf,
  CurrentUser,
  PrimitiveClaim,
  Session,
  SessionContainer,
  SessionFunctions,
  SessionGuard,
  type GetSessionInput,
  type User,
} from 'latchkey';
import { Core } from '../../../lib/core/core.js';
import { EmailPasswordCore } from '../../../lib/core/email-password.core.js';
import { UsersCore } from '../../../lib/core/users.core.js';
import { defer, finalize, switchMap } from 'rxjs';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

const plan = new PrimitiveClaim<string>({ key: 'plan', fetchValue: () => 'pro', defaultMaxAgeInSeconds: 0 });
const fresh = { overrideGlobalClaimValidators: () => [plan.validators.hasValue('pro', 0)] };
const demanding = { overrideGlobalClaimValidators: () => [plan.validators.hasValue('none', 0)] };

/** A guard that has begun, and ends when it is told to. */
let begin = () => {};
let release = () => {};
let begun: Promise<void>;
let released: Promise<void> = Promise.resolve();

function hold(): void {
  begun = new Promise((resolve) => (begin = resolve));
  released = new Promise((resolve) => (release = resolve));
}

class HeldFunctions extends SessionFunctions {
  override async getSession(input: GetSessionInput) {
    if (input.options?.checkDatabase) {
      begin();
      await released;
    }
    return super.getSession(input);
  }
}

@Injectable()
class WaitsForOtherGuard implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return defer(() => begun).pipe(
      switchMap(() => next.handle()),
      finalize(() => release()),
    );
  }
}

class PartnerGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    const { reply } = context.getArgByIndex<{ reply: { request: { headers: Record<string, string> } } }>(2);
    return reply.request.headers['x-partner'] === 'right';
  }
}

@Resolver('Person')
class PeopleResolver {
  @Query('me')
  me(@Session() session: SessionContainer) {
    return { id: session.getUserId() };
  }

  @Query('patient')
  @UseInterceptors(WaitsForOtherGuard)
  patient(@Session() session: SessionContainer) {
    return session.getUserId();
  }

  @Query('guest')
  guest(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return session?.getUserId() ?? 'nobody';
  }

  @Query('either')
  @UseGuards(AnyOf(SessionGuard, PartnerGuard))
  either(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return session?.getUserId() ?? 'partner';
  }

  @Query('people')
  people() {
    return ['1', '2', '3'].map((id) => ({ id }));
  }

  @ResolveField('viewer')
  viewer(@CurrentUser() user: User) {
    return user.emails[0];
  }

  @Query('fresh')
  fresh(@Session(fresh) session: SessionContainer) {
    return String(session.getAccessTokenPayload().plan !== undefined);
  }

  @Query('demanding')
  demanding(@Session(demanding) _session: SessionContainer) {
    return 'reached';
  }

  @ResolveField('secret')
  secret(@Session({ checkDatabase: true }) session: SessionContainer) {
    return `secret of ${session.getUserId()}`;
  }
}

const typeDefs = `
  type Person { id: String! secret: String viewer: String }
  type Query { me: Person people: [Person!]! patient: String guest: String either: String fresh: String demanding: String }
`;

describe('A GraphQL server beside the recipes, Mercurius on Fastify', () => {
  let app: SessionApp;
  beforeAll(async () => {
    const graphql = GraphQLModule.forRoot({
      driver: MercuriusDriver,
      typeDefs,
      allowBatchedQueries: true,
      fieldResolverEnhancers: ['guards', 'interceptors', 'filters'],
    });
    const session = { override: { functions: HeldFunctions } };
    app = await startSessionApp('Fastify', { imports: [graphql], providers: [PeopleResolver], session });
  });
  afterAll(() => app.close());

  async function ask(client: ReturnType<SessionApp['client']>, query: string | object[]) {
    const response = await client.post('/graphql', typeof query === 'string' ? { query } : query);
    return { headers: response.headers, body: (await response.json()) as unknown };
  }

  it('knows the session of each field of a request, and of each request of a batch', async () => {
    const { client } = await app.signedIn('header', { userId: 'grace' });
    const { body } = await ask(client, '{ me { id secret } again: me { id } guest }');
    expect(body).toEqual({
      data: { me: { id: 'grace', secret: 'secret of grace' }, again: { id: 'grace' }, guest: 'grace' },
    });
    const batch = await ask(client, [{ query: '{ me { id } }' }, { query: '{ guest me { id } }' }]);
    expect(batch.body).toEqual([{ data: { me: { id: 'grace' } } }, { data: { guest: 'grace', me: { id: 'grace' } } }]);
  });

  it('loads the current user once for all rows of a list, and again for the next request', async () => {
    const core = app.app.get(Core, { strict: false });
    const email = 'viewer@example.com';
    const made = await core.port(EmailPasswordCore).signUp({ tenantId: 'public', email, password: 'correct-horse-1' });
    if (made.status !== 'OK') throw new Error(made.status);
    const { client } = await app.signedIn('header', { userId: made.user.id });
    const loads = jest.spyOn(core.port(UsersCore), 'getUser');
    const rows = [1, 2, 3].map(() => ({ viewer: email }));
    expect((await ask(client, '{ people { viewer } }')).body).toEqual({ data: { people: rows } });
    expect(loads).toHaveBeenCalledTimes(1);
    await ask(client, '{ people { viewer } }');
    expect(loads).toHaveBeenCalledTimes(2);
    loads.mockRestore();
  });

  it('hands over the session of a field while the guard of another one is at work', async () => {
    const { client } = await app.signedIn('header', { userId: 'grace' });
    hold();
    const { body } = await ask(client, '{ patient me { secret } }');
    expect(body).toEqual({ data: { patient: 'grace', me: { secret: 'secret of grace' } } });
  });

  it('refuses a field in the words of GraphQL, and answers the others', async () => {
    const { client } = await app.signedIn('header', { userId: 'grace' });
    const { body } = await ask(client, '{ guest demanding }');
    expect(body).toMatchObject({
      data: { guest: 'grace', demanding: null },
      errors: [{ message: 'invalid claim', path: ['demanding'] }],
    });
    const nobody = await ask(app.client(), '{ me { id } guest }');
    expect(nobody.body).toMatchObject({ data: { me: null, guest: 'nobody' }, errors: [{ message: 'unauthorised' }] });
  });

  it('lets a field be read by a session or by whatever another guard asks for', async () => {
    const { client } = await app.signedIn('header', { userId: 'grace' });
    expect((await ask(client, '{ either }')).body).toEqual({ data: { either: 'grace' } });
    const partner = await app.client().post('/graphql', { query: '{ either }' }, { headers: { 'x-partner': 'right' } });
    expect(await partner.json()).toEqual({ data: { either: 'partner' } });
    expect((await ask(app.client(), '{ either guest }')).body).toMatchObject({
      data: { either: null, guest: 'nobody' },
      errors: [{ message: 'unauthorised', path: ['either'] }],
    });
  });

  it('gives the client the tokens that a resolver changes, and lets no cache keep them', async () => {
    const { client } = await app.signedIn('header');
    const { body, headers } = await ask(client, '{ fresh }');
    expect(body).toEqual({ data: { fresh: 'true' } });
    expect([headers.has('st-access-token'), headers.get('cache-control')]).toEqual([true, 'no-store']);
  });
});
