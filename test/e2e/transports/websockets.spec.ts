import { Injectable } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  PublicAccess,
  Session,
  SessionContainer,
  SessionFunctions,
  SessionWatch,
  type SessionClaimValidator,
} from 'latchkey';
import { WebSocketSessions, WebSocketTransport } from 'latchkey/websockets';
import { clockAhead } from '../../support/clock-ahead.js';
import { signedByAttacker } from '../../support/forged-tokens.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';
import { socketLibraries, SocketTestClient, type Ending, type SocketOptions } from '../../support/socket-clients.js';

const HOUR_MS = 3_600_000;
const refusing: SessionClaimValidator = { id: 'paid', validate: () => ({ isValid: false, reason: 'not paid' }) };
const demanding = { overrideGlobalClaimValidators: () => [refusing] };
const answer = (data: unknown) => ({ event: 'answer', data });

/** Clients of ws hear nothing when they are connected. */
function greet(client: { send(text: string): void; emit(event: string): void; readyState?: unknown }): void {
  if (typeof client.readyState === 'number') client.send(JSON.stringify({ event: 'hello', data: {} }));
}

@Injectable()
class Arrivals {
  readonly seen: (string | undefined)[] = [];
}

function gateways(gateway: (name: string) => object) {
  @WebSocketGateway(gateway('guarded'))
  @Session()
  class GuardedGateway implements OnGatewayConnection {
    constructor(
      private readonly sessions: WebSocketSessions,
      private readonly arrivals: Arrivals,
    ) {}

    handleConnection(client: Parameters<typeof greet>[0]) {
      this.arrivals.seen.push(this.sessions.sessionOf(client)?.getUserId());
      greet(client);
    }

    @SubscribeMessage('who')
    who(@Session() session: SessionContainer) {
      return answer(session.getUserId());
    }

    @SubscribeMessage('demanding')
    demanding(@Session(demanding) _session: SessionContainer) {
      return answer('reached');
    }
  }

  @WebSocketGateway(gateway('mixed'))
  class MixedGateway implements OnGatewayConnection {
    handleConnection = greet;

    @SubscribeMessage('open')
    open() {
      return answer('open');
    }

    @SubscribeMessage('who')
    @Session()
    who(_client: unknown, data: unknown) {
      return answer(data);
    }

    @SubscribeMessage('guest')
    guest(@Session({ sessionRequired: false }) session?: SessionContainer) {
      return answer(session?.getUserId() ?? 'nobody');
    }
  }

  @WebSocketGateway(gateway('public'))
  @PublicAccess()
  class PublicGateway implements OnGatewayConnection {
    handleConnection = greet;

    @SubscribeMessage('open')
    open() {
      return answer('open');
    }
  }
  return [GuardedGateway, MixedGateway, PublicGateway, Arrivals];
}

describe.each(Object.entries(socketLibraries))('Gateways on %s', (name, library) => {
  const isPlain = name === 'ws';
  let app: SessionApp;
  let setClock: (aheadMs: number) => void;
  const open = (gateway: string, options?: SocketOptions) => library.open(app.url, gateway, options);
  const opened: SocketTestClient[] = [];

  beforeAll(async () => {
    setClock = clockAhead();
    app = await startSessionApp(isPlain ? 'Fastify' : 'Express', {
      // Long enough to be no reason for what ends here.
      session: { openConnectionCheckSeconds: 3600 },
      transports: [WebSocketTransport.init()],
      providers: gateways(library.gateway),
      configure: (nest) => void nest.useWebSocketAdapter(library.adapter(nest)),
    });
  });
  afterEach(() => {
    setClock(0);
    for (const client of opened.splice(0)) client.close();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  async function connected(gateway: string, options?: SocketOptions): Promise<SocketTestClient> {
    const client = await open(gateway, options);
    if (!(client instanceof SocketTestClient)) throw new Error(`Refused: ${JSON.stringify(client)}`);
    opened.push(client);
    return client;
  }

  async function signedIn(userId = 'ada') {
    const { client, handle } = await app.signedIn('header', { userId });
    const refresh = async () => {
      await client.refresh();
      return client.tokens.accessToken!;
    };
    return { token: client.tokens.accessToken!, handle, refresh };
  }

  /** By an event before, or by the close frame. */
  const endedBy = (reason: string, code = 'UNAUTHENTICATED') =>
    expect.objectContaining(isPlain ? { code: code === 'FORBIDDEN' ? 4403 : 4401, reason } : { code, reason });

  it('hands over the session of the handshake, by header, auth payload or cookie', async () => {
    const { token } = await signedIn('grace');
    const carried: SocketOptions[] = [
      { token },
      { headers: { authorization: `Bearer ${token}` } },
      { headers: { cookie: `sAccessToken=${token}` } },
      { headers: { cookie: `sAccessToken=${token}`, origin: app.url } },
      { headers: { origin: 'https://other.example' }, token },
    ];
    for (const options of carried) {
      const client = await connected('guarded', options);
      expect(await client.ask('who')).toBe('grace');
    }
    expect(app.app.get(Arrivals).seen).toEqual(carried.map(() => 'grace'));
  });

  it.each<[string, () => Promise<SocketOptions>, string]>([
    ['no token', async () => ({}), 'UNAUTHORISED'],
    ['no token of ours', async () => ({ token: 'a.b.c' }), 'UNAUTHORISED'],
    ['a forged token', async () => ({ token: signedByAttacker((await signedIn()).token) }), 'TRY_REFRESH_TOKEN'],
    [
      'an expired token',
      async () => {
        const { token } = await signedIn();
        setClock(HOUR_MS);
        return { token };
      },
      'TRY_REFRESH_TOKEN',
    ],
  ])('refuses a handshake with %s before the gateway hears of it', async (_what, options, reason) => {
    const before = app.app.get(Arrivals).seen.length;
    expect(await open('guarded', await options())).toEqual(endedBy(reason));
    expect(app.app.get(Arrivals).seen).toHaveLength(before);
  });

  it('refuses pages of other sites by cookie, and tokens in a query string, with words that say so', async () => {
    const { token } = await signedIn();
    const foreign = { headers: { cookie: `sAccessToken=${token}`, origin: 'https://other.example' } };
    const inQuery: SocketOptions = { query: { whatever: token }, token };
    for (const gateway of ['guarded', 'mixed']) {
      const refused = (await open(gateway, foreign)) as Ending;
      expect(refused).toMatchObject(isPlain ? { code: 403 } : { code: 'FORBIDDEN', reason: 'FOREIGN_ORIGIN' });
      const queried = (await open(gateway, inQuery)) as Ending;
      expect(queried).toMatchObject(isPlain ? { code: 400 } : { message: expect.stringContaining('query string') });
    }
  });

  it('judges each message by itself where a socket may come without a session', async () => {
    const guest = await connected('mixed');
    expect(await guest.ask('open')).toBe('open');
    expect(await guest.ask('guest')).toBe('nobody');
    expect(await guest.ask('who', 'not me')).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'UNAUTHORISED' });
    const { token } = await signedIn('grace');
    const client = await connected('mixed', { token });
    expect([await client.ask('guest'), await client.ask('who', 'text')]).toEqual(['grace', 'text']);
    setClock(HOUR_MS);
    expect(await open('mixed', { token })).toEqual(endedBy('TRY_REFRESH_TOKEN'));
    expect(await client.ask('guest')).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TRY_REFRESH_TOKEN' });
    const stranger = await connected('public', { query: { token }, headers: { cookie: `sAccessToken=${token}` } });
    expect(await stranger.ask('open')).toBe('open');
  });

  it('tells of claims that a handler misses, and leaves the socket open', async () => {
    const { token } = await signedIn();
    const client = await connected('guarded', { token });
    expect(await client.ask('demanding')).toMatchObject({
      status: 'error',
      code: 'FORBIDDEN',
      reason: 'INVALID_CLAIMS',
      claimValidationErrors: [{ id: 'paid', reason: 'not paid' }],
      cause: { pattern: 'demanding' },
    });
    expect(await client.ask('who')).toBe('ada');
  });

  it('closes a socket that says nothing as soon as its session was ended, and no other', async () => {
    const [ended, other] = [await signedIn(), await signedIn()];
    const silent = await connected('guarded', { token: ended.token });
    const asking = await connected('guarded', { token: other.token });
    await app.app.get(SessionFunctions).revokeSession({ sessionHandle: ended.handle });
    expect(await silent.ended).toEqual(endedBy('UNAUTHORISED'));
    expect(await asking.ask('who')).toBe('ada');
  });

  it('lets an open socket renew its token, by one of the same session', async () => {
    const { token, refresh } = await signedIn('grace');
    const client = await connected('guarded', { token });
    setClock(HOUR_MS - 30_000);
    await app.app.get(SessionWatch).check();
    expect(await client.next('latchkey:expiring')).toEqual({ expiresAtMs: expect.any(Number) });

    const other = await signedIn('mallory');
    client.send('latchkey:renew', { accessToken: other.token });
    expect(await client.next('exception')).toMatchObject({ reason: 'UNAUTHORISED' });
    client.send('latchkey:renew', 'nothing');
    expect(await client.next('exception')).toMatchObject({ code: 'BAD_USER_INPUT' });
    client.send('latchkey:renew', { accessToken: await refresh() });
    expect(await client.next('latchkey:renewed')).toEqual({ status: 'OK', expiresAtMs: expect.any(Number) });

    setClock(HOUR_MS);
    await app.app.get(SessionWatch).check();
    expect(await client.ask('who')).toBe('grace');
    setClock(2 * HOUR_MS);
    await app.app.get(SessionWatch).check();
    expect(await client.ended).toEqual(endedBy('TRY_REFRESH_TOKEN'));
  });

  it('signs in a socket that came without a session', async () => {
    const client = await connected('mixed');
    client.send('latchkey:renew', { accessToken: (await signedIn('grace')).token });
    await client.next('latchkey:renewed');
    expect(await client.ask('guest')).toBe('grace');
  });
});
