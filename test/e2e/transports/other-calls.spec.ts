import { Controller, Injectable, Sse, type ArgumentsHost } from '@nestjs/common';
import { APP_GUARD, ExternalContextCreator } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  createExchange,
  PublicAccess,
  Session,
  SessionContainer,
  SessionFunctions,
  SessionGuard,
  SessionTransport,
  SessionVerifier,
  SessionWatch,
  type HttpExchange,
  type TransportRefusal,
} from 'latchkey';
import { WebSocketTransport } from 'latchkey/websockets';
import { firstValueFrom, NEVER, startWith, takeUntil } from 'rxjs';
import { clockAhead } from '../../support/clock-ahead.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';
import { socketLibraries, SocketTestClient } from '../../support/socket-clients.js';

interface Letter {
  seal?: string;
  exchange?: HttpExchange;
}

/** As an application or a package would bring it. */
@Injectable()
class LetterTransport extends SessionTransport {
  readonly type = 'letter';

  constructor(readonly verifier: SessionVerifier) {
    super();
  }

  exchangeOf(host: ArgumentsHost) {
    const letter = this.callOf(host);
    return (letter.exchange ??= createExchange({ headers: { authorization: `Bearer ${letter.seal}` } }));
  }

  callOf(host: ArgumentsHost) {
    return host.getArgByIndex<Letter>(0);
  }

  async refuse(refusal: Promise<TransportRefusal>) {
    const { code, reason } = await refusal;
    return { returned: `${code} ${reason}` };
  }
}

@Controller()
class StreamController {
  constructor(private readonly watch: SessionWatch) {}

  @Sse('events')
  events(@Session() session: SessionContainer) {
    return NEVER.pipe(startWith({ data: session.getUserId() }), takeUntil(this.watch.ended(session)));
  }
}

@Injectable()
class Letters {
  read(@Session() session: SessionContainer) {
    return { reader: session.getUserId() };
  }
}

const answer = (data: unknown) => ({ event: 'answer', data });

@WebSocketGateway(socketLibraries['socket.io'].gateway('silent'))
class SilentGateway {
  @SubscribeMessage('who')
  who(@Session() session: SessionContainer) {
    return answer(session.getUserId());
  }
}

@WebSocketGateway(socketLibraries['socket.io'].gateway('partly'))
class PartlyOpenGateway {
  @SubscribeMessage('open')
  @PublicAccess()
  open() {
    return answer('open');
  }

  @SubscribeMessage('closed')
  closed() {
    return answer('reached');
  }
}

describe('With a guard of the whole application', () => {
  let app: SessionApp;
  const { open } = socketLibraries['socket.io'];

  beforeAll(async () => {
    app = await startSessionApp('Express', {
      session: { openConnectionCheckSeconds: 3600 },
      controllers: [StreamController],
      providers: [{ provide: APP_GUARD, useExisting: SessionGuard }, Letters, SilentGateway, PartlyOpenGateway],
      transports: [WebSocketTransport.init(), LetterTransport],
      configure: (nest) => void nest.useWebSocketAdapter(new IoAdapter(nest)),
    });
  });
  afterAll(() => app.close());

  it('a socket needs a session, unless a message is open', async () => {
    expect(await open(app.url, 'silent')).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'UNAUTHORISED' });
    const client = (await open(app.url, 'partly')) as SocketTestClient;
    expect(await client.ask('open')).toBe('open');
    expect(await client.ask('closed')).toMatchObject({ code: 'UNAUTHENTICATED' });
    client.close();
  });

  it('server-sent events need a session, and end with it', async () => {
    expect((await fetch(`${app.url}/events`)).status).toBe(401);
    const { client, handle } = await app.signedIn('cookie', { userId: 'grace' });
    const response = await client.get('/events');
    const text = response.text();
    await app.app.get(SessionFunctions).revokeSession({ sessionHandle: handle });
    expect(await text).toContain('data: grace');
  });

  it('a stream ends when its access token expires', async () => {
    const { client } = await app.signedIn('header', { userId: 'grace' });
    const accessToken = client.tokens.accessToken!;
    const session = await app.app.get(SessionFunctions).getSession({ accessToken, userContext: {} });
    clockAhead()(session!.getAccessTokenExpiry() - Date.now() - 100);
    const error = await firstValueFrom(app.app.get(SessionWatch).ended(session!));
    expect(error.code).toBe('TRY_REFRESH_TOKEN');
    jest.restoreAllMocks();
  });

  it('an application brings a transport of its own', async () => {
    const letters = app.app.get(Letters);
    const parameters = { exchangeKeyForValue: () => undefined };
    const read = app.app
      .get(ExternalContextCreator)
      .create(
        letters,
        letters.read as never,
        'read',
        '__routeArguments__',
        parameters,
        undefined,
        undefined,
        undefined,
        'letter',
      );
    const { client } = await app.signedIn('header', { userId: 'grace' });
    expect(app.app.get(LetterTransport).verifier).toBeInstanceOf(SessionVerifier);
    expect(await read({ seal: client.tokens.accessToken })).toMatchObject({ reader: 'grace' });
    expect(await read({ seal: 'broken' })).toEqual({ returned: 'UNAUTHENTICATED UNAUTHORISED' });
  });
});
