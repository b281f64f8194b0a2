import { Controller, Get, Injectable, type OnModuleInit } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  BooleanClaim,
  PrimitiveArrayClaim,
  PrimitiveClaim,
  Session,
  SessionClaim,
  SessionClaims,
  SessionFunctions,
  type ClaimPayload,
  type GetGlobalClaimValidatorsInput,
  type JsonObject,
} from 'latchkey';
import { frontTokenOf, saysNothingOfTokens } from '../../support/answers.js';
import { onExpress } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';
import { doWithSession, sessionTask } from '../../support/session-task.js';

/** What the application knows of its users. Claims ask it, and count how often. */
const directory = {
  roles: new Map<string, string[]>(),
  banned: new Set<string>(),
  asked: 0,
};

const roles = new PrimitiveArrayClaim<string>({
  key: 'roles',
  fetchValue: (userId) => {
    directory.asked++;
    return directory.roles.get(userId) ?? [];
  },
});
const active = new BooleanClaim({
  key: 'active',
  fetchValue: async (userId) => !directory.banned.has(userId),
  defaultMaxAgeInSeconds: 0,
});
const unknown = new PrimitiveClaim<string>({ key: 'unknown', fetchValue: () => undefined });

/** Written in a form of its own, without a time. */
class CountryClaim extends SessionClaim<string> {
  constructor() {
    super('country');
  }
  override fetchValue() {
    return 'NZ';
  }
  override addToPayload(payload: ClaimPayload, value: string): JsonObject {
    return { ...payload, country: value.toLowerCase() };
  }
  override getValueFromPayload(payload: ClaimPayload): string | undefined {
    return typeof payload.country === 'string' ? payload.country.toUpperCase() : undefined;
  }
}
const country = new CountryClaim();

/** Every session must be of an active user. */
@Injectable()
class ActiveUsersOnly extends SessionFunctions {
  override async getGlobalClaimValidators(input: GetGlobalClaimValidatorsInput) {
    return [...(await super.getGlobalClaimValidators(input)), active.validators.isTrue()];
  }
}

/** As a recipe does: its claim is in every new session. */
@Injectable()
class CountryInEverySession implements OnModuleInit {
  constructor(private readonly claims: SessionClaims) {}

  onModuleInit(): void {
    const validator = {
      id: country.key,
      claim: country as unknown as SessionClaim<never>,
      validate: (payload: ClaimPayload) =>
        country.getValueFromPayload(payload) === 'NZ'
          ? { isValid: true as const }
          : { isValid: false as const, reason: 'elsewhere' },
    };
    this.claims.add(country as unknown as SessionClaim<never>, validator);
  }
}

@Controller('claims')
class ClaimsController {
  @Get('any')
  @Session()
  any() {
    return { done: true };
  }

  @Get('editors')
  @Session({ overrideGlobalClaimValidators: (others) => [...others, roles.validators.includes('editor')] })
  editors() {
    return { done: true };
  }

  @Get('editors/now')
  @Session({ overrideGlobalClaimValidators: (others) => [...others, roles.validators.includes('editor', 0)] })
  editorsNow() {
    return { done: true };
  }

  @Get('banned-too')
  @Session({ overrideGlobalClaimValidators: async () => [] })
  bannedToo() {
    return { done: true };
  }

  @Get('unknown')
  @Session({ overrideGlobalClaimValidators: () => [unknown.validators.hasValue('x', undefined, 'named-by-app')] })
  unknown() {
    return { done: true };
  }
}

let users = 0;

describe.each(onExpress)('claims on %s', (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, {
      session: { override: { functions: ActiveUsersOnly } },
      controllers: [ClaimsController, ...sessionTask.controllers],
      providers: [CountryInEverySession, ...sessionTask.providers],
    });
  });
  afterAll(() => app.close());

  async function signedIn(...userRoles: string[]) {
    const userId = `user-${framework}-${++users}`;
    directory.roles.set(userId, userRoles);
    return { ...(await app.signedIn('header', { userId })), userId };
  }

  test('a claim that a recipe adds is in every new session, in the form of its own', async () => {
    const { response, client } = await signedIn();
    expect(frontTokenOf(response).up.country).toBe('nz');
    const { body } = await doWithSession(app, client, (session) => session.getClaimValue(country));
    expect(body.result).toBe('NZ');
  });

  test("a recipe's validator counts on every route, unless the route leaves it out", async () => {
    const { client } = await signedIn();
    await doWithSession(app, client, (session) => session.setClaimValue(country, 'AU'));
    const response = await client.get('/claims/any');
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ claimValidationErrors: [{ id: 'country', reason: 'elsewhere' }] });
    expect((await client.get('/claims/banned-too')).status).toBe(200);
  });

  test('a missing claim is fetched once, and the client holds it after the answer', async () => {
    const { client } = await signedIn('editor');
    const before = directory.asked;
    const first = await client.get('/claims/editors');
    expect(first.status).toBe(200);
    expect(frontTokenOf(first).up.roles).toEqual({ v: ['editor'], t: expect.any(Number) });
    expect((await client.get('/claims/editors')).status).toBe(200);
    expect(directory.asked).toBe(before + 1);
  });

  test('a claim that is fetched and found wanting reaches the client in the refusal, too', async () => {
    const { client } = await signedIn('reader');
    const response = await client.get('/claims/editors');
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      message: 'invalid claim',
      claimValidationErrors: [
        { id: 'roles', reason: { message: 'wrong value', expectedToInclude: 'editor', actualValue: ['reader'] } },
      ],
    });
    expect(frontTokenOf(response).up.roles).toMatchObject({ v: ['reader'] });
  });

  test('a claim that is young enough is believed, one too old for a route is fetched again', async () => {
    const { client, userId } = await signedIn('editor');
    expect((await client.get('/claims/editors')).status).toBe(200);
    directory.roles.set(userId, []);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await client.get('/claims/editors')).status).toBe(200);
    expect((await client.get('/claims/editors/now')).status).toBe(403);
    expect((await client.get('/claims/editors')).status).toBe(403);
  });

  test('a global requirement of the application is seen at once where its age is 0, also lifted', async () => {
    const { client, userId } = await signedIn();
    expect((await client.get('/claims/any')).status).toBe(200);
    directory.banned.add(userId);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const response = await client.get('/claims/any');
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ claimValidationErrors: [{ id: 'active' }] });
    expect((await client.get('/claims/banned-too')).status).toBe(200);
    directory.banned.delete(userId);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await client.get('/claims/any')).status).toBe(200);
  });

  test('a claim without a value is refused by the id that the route gave, and nothing is written', async () => {
    const { client } = await signedIn();
    const response = await client.get('/claims/unknown');
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      message: 'invalid claim',
      claimValidationErrors: [{ id: 'named-by-app', reason: { message: 'value does not exist', expectedValue: 'x' } }],
    });
    expect(saysNothingOfTokens(response)).toBe(true);
  });

  test('a session fetches, sets, reads and removes claims; a refresh keeps what it did', async () => {
    const { client } = await signedIn('reader');
    const held = async () => (await doWithSession(app, client, (session) => session.getClaimValue(roles))).body.result;
    const fetched = await doWithSession(app, client, async (session) => {
      await session.fetchAndSetClaim(roles);
      return session.getClaimValue(roles);
    });
    expect(fetched.body.result).toEqual(['reader']);
    expect(frontTokenOf(fetched.response).up.roles).toMatchObject({ v: ['reader'] });

    await doWithSession(app, client, (session) => session.setClaimValue(roles, ['editor']));
    expect(await held()).toEqual(['editor']);
    await client.refresh();
    expect(await held()).toEqual(['editor']);

    const removed = await doWithSession(app, client, (session) => session.removeClaim(roles));
    expect(frontTokenOf(removed.response).up).not.toHaveProperty('roles');
    await client.refresh();
    expect(await held()).toBeNull();
  });

  test('assertClaims refuses in the middle of a handler', async () => {
    const { client } = await signedIn('reader');
    const { response, body } = await doWithSession(app, client, (session) =>
      session.assertClaims([roles.validators.includes('owner')]),
    );
    expect(response.status).toBe(403);
    expect(body).toMatchObject({ message: 'invalid claim', claimValidationErrors: [{ id: 'roles' }] });
  });

  test('a forged claim is not believed', async () => {
    const { client } = await signedIn('reader');
    await client.get('/claims/editors');
    const [header, payload, signature] = client.tokens.accessToken!.split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as JsonObject;
    claims.roles = { v: ['editor'], t: Date.now() };
    const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    const response = await client.get('/claims/editors', { headers: { authorization: `Bearer ${forged}` } });
    expect([response.status, await response.json()]).toEqual([401, { message: 'try refresh token' }]);
  });
});
