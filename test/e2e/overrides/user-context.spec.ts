import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EmailPasswordApi,
  EmailPasswordFunctions,
  getRequestFromUserContext,
  Session,
  SessionApi,
  SessionContainer,
  SessionFunctions,
  type CreateNewSessionInput,
  type GetGlobalClaimValidatorsInput,
  type GetSessionInput,
  type PasswordResetPOSTInput,
  type ResetPasswordUsingTokenInput,
  type SessionHandleInput,
  type SignUpInput,
  type SignUpPOSTInput,
  type UpdateAccessTokenPayloadInput,
  type UserContext,
  type UserSessionsInput,
  type VerifySessionInput,
} from 'latchkey';
import { formFields } from 'latchkey/testing';
import { frameworks } from '../../support/frameworks.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';

/** What each layer saw: its name, the mark that an outer layer left, and the header of the request. */
type Sighting = [layer: string, mark: unknown, header: string | undefined];

class Sightings {
  readonly list: Sighting[] = [];

  add(layer: string, userContext: UserContext | undefined): void {
    const request = getRequestFromUserContext(userContext);
    this.list.push([layer, userContext?.mark, request?.getHeaderValue('x-trace')]);
  }
}

const marked = (userContext: UserContext, mark: string) => Object.assign(userContext, { mark });

class TracedApi extends EmailPasswordApi {
  override async signUpPOST(input: SignUpPOSTInput) {
    return super.signUpPOST({ ...input, userContext: marked(input.userContext, 'sign-up') });
  }
  override async passwordResetPOST(input: PasswordResetPOSTInput) {
    return super.passwordResetPOST({ ...input, userContext: marked(input.userContext, 'reset') });
  }
}

class TracedFunctions extends EmailPasswordFunctions {
  constructor(private readonly sightings: Sightings) {
    super();
  }
  override async signUp(input: SignUpInput) {
    this.sightings.add('signUp', input.userContext);
    return super.signUp(input);
  }
  override async resetPasswordUsingToken(input: ResetPasswordUsingTokenInput) {
    this.sightings.add('resetPasswordUsingToken', input.userContext);
    return super.resetPasswordUsingToken(input);
  }
}

class TracedSessionApi extends SessionApi {
  override async verifySession(input: VerifySessionInput) {
    return super.verifySession({ ...input, userContext: marked(input.userContext, 'verify') });
  }
}

class TracedSessions extends SessionFunctions {
  constructor(private readonly sightings: Sightings) {
    super();
  }
  override async createNewSession(input: CreateNewSessionInput) {
    this.sightings.add('createNewSession', input.userContext);
    return super.createNewSession(input);
  }
  override async revokeAllSessionsForUser(input: UserSessionsInput) {
    this.sightings.add('revokeAllSessionsForUser', input.userContext);
    return super.revokeAllSessionsForUser(input);
  }
  override async getSession(input: GetSessionInput) {
    this.sightings.add('getSession', input.userContext);
    return super.getSession(input);
  }
  override async getGlobalClaimValidators(input: GetGlobalClaimValidatorsInput) {
    this.sightings.add('getGlobalClaimValidators', input.userContext);
    return super.getGlobalClaimValidators(input);
  }
  override async getSessionInformation(input: SessionHandleInput) {
    this.sightings.add('getSessionInformation', input.userContext);
    return super.getSessionInformation(input);
  }
  override async updateAccessTokenPayload(input: UpdateAccessTokenPayloadInput) {
    this.sightings.add('updateAccessTokenPayload', input.userContext);
    return super.updateAccessTokenPayload(input);
  }
}

@Controller('guarded')
class GuardedController {
  @Get()
  @Session()
  async read(@Session() session: SessionContainer) {
    return { created: await session.getTimeCreated() };
  }
}

function signUpTraced(auth: AuthApp, trace: string): Promise<Response> {
  const body = formFields({ email: newEmail(), password: PASSWORD });
  return auth.client().post('/auth/signup', body, { headers: { 'x-trace': trace } });
}

function tracesOf(layer: string, { list }: Sightings): (string | undefined)[] {
  const traces = list.filter(([at]) => at === layer).map(([, , trace]) => trace);
  return traces.sort();
}

describe.each(frameworks)('userContext on %s', (framework) => {
  let auth: AuthApp;
  const sightings = new Sightings();

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      session: { override: { apis: TracedSessionApi, functions: { useFactory: () => new TracedSessions(sightings) } } },
      emailPassword: {
        override: { apis: TracedApi, functions: { useFactory: () => new TracedFunctions(sightings) } },
      },
      application: { controllers: [GuardedController] },
    });
  });
  beforeEach(() => void sightings.list.splice(0));
  afterAll(() => auth.app.close());

  it('goes from an API method through its functions to those of another recipe', async () => {
    const body = formFields({ email: newEmail(), password: PASSWORD });

    await auth.client().post('/auth/signup', body, { headers: { 'x-trace': 't1' } });

    expect(sightings.list).toEqual([
      ['signUp', 'sign-up', 't1'],
      ['createNewSession', 'sign-up', 't1'],
    ]);
  });

  it('goes from function to function, also within one transaction', async () => {
    const [email, client] = [newEmail(), auth.client()];
    await client.signUp(email, PASSWORD);
    await client.auth('user/password/reset/token', formFields({ email }));
    const { passwordResetLink } = await auth.emails().nextPasswordReset(email);
    sightings.list.splice(0);

    const token = new URL(passwordResetLink).searchParams.get('token');
    const body = { method: 'token', token, ...formFields({ password: 'another-horse-2' }) };
    const response = await client.post('/auth/user/password/reset', body, { headers: { 'x-trace': 't2' } });

    expect(await response.json()).toEqual({ status: 'OK' });
    expect(sightings.list).toEqual([
      ['resetPasswordUsingToken', 'reset', 't2'],
      ['revokeAllSessionsForUser', 'reset', 't2'],
    ]);
  });

  it('goes from the guard into the session that the route is handed', async () => {
    const client = auth.client();
    await client.signUp(newEmail(), PASSWORD);
    sightings.list.splice(0);

    const response = await client.get('/guarded', { headers: { 'x-trace': 't3' } });

    expect(await response.json()).toEqual({ created: expect.any(Number) });
    expect(sightings.list).toEqual([
      ['getSession', 'verify', 't3'],
      ['getGlobalClaimValidators', 'verify', 't3'],
      ['getSessionInformation', 'verify', 't3'],
    ]);
  });

  it('is what the caller gives where there is no request, and then holds none', async () => {
    const functions = auth.app.get(SessionFunctions, { strict: false });
    const session = await functions.createNewSession({
      userId: 'job',
      allowUnknownUser: true,
      userContext: { mark: 'job' },
    });
    await functions.mergeIntoAccessTokenPayload({
      sessionHandle: session.getHandle(),
      accessTokenPayloadUpdate: { a: 1 },
      userContext: { mark: 'merge' },
    });
    await functions.revokeAllSessionsForUser({ userId: 'job' });

    expect(sightings.list).toEqual([
      ['createNewSession', 'job', undefined],
      ['getSessionInformation', 'merge', undefined],
      ['updateAccessTokenPayload', 'merge', undefined],
      ['revokeAllSessionsForUser', undefined, undefined],
    ]);
    expect(getRequestFromUserContext(undefined)).toBeUndefined();
  });

  it('is another one for every request', async () => {
    await Promise.all(['a', 'b', 'c'].map((trace) => signUpTraced(auth, trace)));

    expect(tracesOf('signUp', sightings)).toEqual(['a', 'b', 'c']);
    expect(tracesOf('createNewSession', sightings)).toEqual(['a', 'b', 'c']);
  });
});
