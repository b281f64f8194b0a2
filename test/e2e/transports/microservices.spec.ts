import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Controller } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientProxyFactory,
  GrpcMethod,
  MessagePattern,
  Payload,
  Transport,
  type ClientProxy,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { credentials, loadPackageDefinition, Metadata, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  AuthModule,
  PublicAccess,
  Session,
  SessionContainer,
  SessionFunctions,
  SessionRecipe,
  SessionWatch,
  type SessionClaimValidator,
} from 'latchkey';
import { MicroserviceTransport } from 'latchkey/microservices';
import { firstValueFrom, map, NEVER, startWith, takeUntil } from 'rxjs';
import { appInfo, rootModule } from '../../support/auth-app.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { signedByAttacker } from '../../support/forged-tokens.js';
import { freePort } from '../../support/free-port.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';
import { testCore } from '../../support/test-core.js';

const HOUR_MS = 3_600_000;
const PROTO = join(fileURLToPath(new URL('../../fixtures/grpc/', import.meta.url)), 'people.proto');
const refusing: SessionClaimValidator = {
  id: 'paid',
  validate: () => ({ isValid: false, reason: 'nicht bezahlt: ü' }),
};
const demanding = { overrideGlobalClaimValidators: () => [refusing] };

@Controller()
class PeopleController {
  constructor(private readonly watch: SessionWatch) {}

  @MessagePattern('who')
  who(@Payload() data: { echo?: string }, @Session() session: SessionContainer) {
    return { userId: session.getUserId(), echo: data.echo };
  }

  @MessagePattern('checked')
  @Session({ checkDatabase: true })
  checked() {
    return 'reached';
  }

  @MessagePattern('demanding')
  demanding(@Session(demanding) _session: SessionContainer) {
    return 'reached';
  }

  @MessagePattern('guest')
  guest(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return session?.getUserId() ?? 'nobody';
  }

  @MessagePattern('public')
  @PublicAccess()
  open() {
    return 'open';
  }

  @GrpcMethod('People', 'Who')
  grpcWho(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }

  @GrpcMethod('People', 'Demanding')
  grpcDemanding(@Session(demanding) session: SessionContainer) {
    return { userId: session.getUserId() };
  }

  @GrpcMethod('People', 'Watch')
  grpcWatch(@Session() session: SessionContainer) {
    return NEVER.pipe(
      startWith(session),
      map((each) => ({ userId: each.getUserId() })),
      takeUntil(this.watch.ended(session)),
    );
  }
}

interface PeopleClient {
  who: Unary;
  demanding: Unary;
  watch(request: object, metadata: Metadata): NodeJS.ReadableStream & { cancel(): void };
  close(): void;
}
type Unary = (
  request: object,
  metadata: Metadata,
  callback: (error: ServiceError | null, reply: unknown) => void,
) => void;

describe('A hybrid application, with TCP and gRPC beside HTTP', () => {
  let app: SessionApp;
  let tcp: ClientProxy;
  let grpc: PeopleClient;
  let setClock: (aheadMs: number) => void;

  beforeAll(async () => {
    setClock = clockAhead();
    const [tcpPort, grpcPort] = [await freePort(), await freePort()];
    app = await startSessionApp('Express', {
      session: { openConnectionCheckSeconds: 3600 },
      transports: [MicroserviceTransport.init()],
      controllers: [PeopleController],
      configure: async (nest) => {
        nest.connectMicroservice<MicroserviceOptions>({
          transport: Transport.TCP,
          options: { host: '127.0.0.1', port: tcpPort },
        });
        nest.connectMicroservice<MicroserviceOptions>({
          transport: Transport.GRPC,
          options: { package: 'people', protoPath: PROTO, url: `127.0.0.1:${grpcPort}` },
        });
        await nest.startAllMicroservices();
      },
    });
    tcp = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port: tcpPort } });
    const { people } = loadPackageDefinition(loadSync(PROTO)) as unknown as {
      people: { People: new (address: string, with_: unknown) => PeopleClient };
    };
    grpc = new people.People(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
  });
  afterEach(() => setClock(0));
  afterAll(async () => {
    jest.restoreAllMocks();
    tcp?.close();
    grpc?.close();
    await app.close();
  });

  const ask = (pattern: string, data: object = {}) =>
    firstValueFrom(tcp.send<unknown>(pattern, data)).catch((error: unknown) => error);
  const tokenOf = async (userId: string) => {
    const { client, handle } = await app.signedIn('header', { userId });
    return { token: client.tokens.accessToken!, handle };
  };
  const carrying = (token?: string) => {
    const metadata = new Metadata();
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    return metadata;
  };
  const call = (method: 'who' | 'demanding', token?: string) =>
    new Promise<unknown>((resolve) => grpc[method]({}, carrying(token), (error, reply) => resolve(error ?? reply)));

  it('verifies each message by the token that it carries', async () => {
    const { token, handle } = await tokenOf('grace');
    const authorization = `Bearer ${token}`;
    expect(await ask('who', { authorization, echo: 'e' })).toEqual({ userId: 'grace', echo: 'e' });
    expect(await ask('guest', { authorization: token })).toBe('grace');
    expect([await ask('guest'), await ask('public')]).toEqual(['nobody', 'open']);
    const unauthorised = { status: 'error', code: 'UNAUTHENTICATED', reason: 'UNAUTHORISED', message: 'unauthorised' };
    expect(await ask('who')).toEqual(unauthorised);
    const refresh = { code: 'UNAUTHENTICATED', reason: 'TRY_REFRESH_TOKEN' };
    expect(await ask('who', { authorization: signedByAttacker(token) })).toMatchObject(refresh);
    expect(await ask('demanding', { authorization })).toMatchObject({
      code: 'FORBIDDEN',
      claimValidationErrors: [{ id: 'paid' }],
    });
    await app.app.get(SessionFunctions).revokeSession({ sessionHandle: handle });
    expect(await ask('checked', { authorization })).toEqual(unauthorised);
    setClock(HOUR_MS);
    expect(await ask('guest', { authorization })).toMatchObject(refresh);
  });

  it('ends calls of gRPC with its own status, and a trailer that says what to do', async () => {
    const { token } = await tokenOf('grace');
    expect(await call('who', token)).toEqual({ userId: 'grace' });
    const nobody = (await call('who')) as ServiceError;
    expect([nobody.code, nobody.metadata.get('latchkey-reason')]).toEqual([16, ['UNAUTHORISED']]);
    const refused = (await call('demanding', token)) as ServiceError;
    expect([refused.code, refused.details]).toEqual([7, 'invalid claim']);
    const [body] = refused.metadata.get('latchkey-error-bin');
    expect(JSON.parse(String(body))).toMatchObject({ claimValidationErrors: [{ reason: 'nicht bezahlt: ü' }] });
  });

  it('ends a stream when its session ends', async () => {
    const { token, handle } = await tokenOf('grace');
    const stream = grpc.watch({}, carrying(token));
    const heard: unknown[] = [];
    const ended = new Promise((resolve) => stream.on('end', resolve));
    await new Promise<void>((resolve) => {
      stream.on('data', (person) => {
        heard.push(person);
        resolve();
      });
    });
    await app.app.get(SessionFunctions).revokeSession({ sessionHandle: handle });
    await ended;
    expect(heard).toEqual([{ userId: 'grace' }]);
  });
});

describe('A microservice alone', () => {
  it('verifies sessions, where an option says where the token is', async () => {
    const port = await freePort();
    const auth = AuthModule.forRoot({
      appInfo,
      core: testCore,
      recipeList: [SessionRecipe.init()],
      transports: [
        MicroserviceTransport.init({ authorizationOf: (data) => (data as { as?: string } | undefined)?.as }),
      ],
    });
    const service = await NestFactory.createMicroservice<MicroserviceOptions>(
      rootModule({ imports: [auth], controllers: [PeopleController] }),
      { transport: Transport.TCP, options: { host: '127.0.0.1', port }, logger: false },
    );
    await service.listen();
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
    try {
      const session = await service.get(SessionFunctions).createNewSession({ userId: 'ada' });
      const who = (data: object) => firstValueFrom(client.send<unknown>('who', data)).catch((error: unknown) => error);
      expect(await who({ as: session.getAccessToken() })).toEqual({ userId: 'ada' });
      expect(await who({ authorization: session.getAccessToken() })).toMatchObject({ code: 'UNAUTHENTICATED' });
    } finally {
      client.close();
      await service.close();
    }
  });
});
