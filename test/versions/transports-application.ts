// Runs in a process of its own, on the NestJS that the test chose, with the package as it is published: a resolver, a gateway and
// a handler of messages, in one hybrid application. It prints what their clients were told. Arguments: Express, with Apollo,
// socket.io and messages over TCP, or Fastify, with Mercurius, ws and gRPC; for these, ports and the path of people.proto.
import 'reflect-metadata';
import { once } from 'node:events';
import { credentials, loadPackageDefinition, Metadata, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import {
  ClientProxyFactory,
  GrpcMethod,
  MessagePattern,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { createClient } from 'graphql-ws';
import { AuthModule, EmailPasswordRecipe, Session, SessionContainer, SessionFunctions, SessionRecipe } from 'latchkey';
import { GraphqlTransport } from 'latchkey/graphql';
import { MicroserviceTransport } from 'latchkey/microservices';
import { AuthTestClient, RecordedEmailDelivery } from 'latchkey/testing';
import { WebSocketTransport } from 'latchkey/websockets';
import { firstValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

const [framework, wsPort, grpcPort, protoPath] = process.argv.slice(2) as ['Express' | 'Fastify', ...string[]];
const isExpress = framework === 'Express';

@Resolver()
class MeResolver {
  @Query('me')
  me(@Session() session: SessionContainer) {
    return session.getUserId();
  }

  @Subscription('mine')
  async *mine(@Session() session: SessionContainer) {
    yield { mine: session.getUserId() };
    await new Promise(() => undefined);
  }
}

@WebSocketGateway(isExpress ? 0 : Number(wsPort))
@Session()
class MeGateway {
  @SubscribeMessage('me')
  me(@Session() session: SessionContainer) {
    return { event: 'answer', data: session.getUserId() };
  }
}

@Controller()
class MeController {
  @MessagePattern('me')
  me(@Session() session: SessionContainer) {
    return session.getUserId();
  }

  @GrpcMethod('People', 'Who')
  who(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

const typeDefs = 'type Query { me: String } type Subscription { mine: String }';
const GRAPHQL = {
  Express: () =>
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      typeDefs,
      subscriptions: { 'graphql-ws': true },
    }),
  Fastify: () =>
    GraphQLModule.forRoot<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      typeDefs,
      subscription: { context: (socket) => ({ socket }) as never },
    }),
};

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Test', apiDomain: 'http://127.0.0.1:3000', websiteDomain: 'http://127.0.0.1:3000' },
      core: { sqlite: ':memory:', passwordHashing: { memoryCostKiB: 64, timeCost: 1 } },
      emailDelivery: { useClass: RecordedEmailDelivery },
      recipeList: [SessionRecipe.init({ openConnectionCheckSeconds: 3600 }), EmailPasswordRecipe.init()],
      transports: [GraphqlTransport.init(), WebSocketTransport.init(), MicroserviceTransport.init()],
    }),
    GRAPHQL[framework](),
  ],
  controllers: [MeController],
  providers: [MeResolver, MeGateway],
})
class ApplicationModule {}

const options = { logger: false, abortOnError: false } as const;
const app = isExpress
  ? await NestFactory.create(ApplicationModule, options)
  : await NestFactory.create(ApplicationModule, new FastifyAdapter() as never, options);
app.useWebSocketAdapter(isExpress ? new IoAdapter(app) : new WsAdapter(app));
const service = app.connectMicroservice<MicroserviceOptions>(
  isExpress
    ? { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } }
    : {
        transport: Transport.GRPC,
        options: { package: 'people', protoPath: protoPath!, url: `127.0.0.1:${grpcPort}` },
      },
);
await app.startAllMicroservices();
await app.listen(0, '127.0.0.1');
const url = await app.getUrl();
const client = new AuthTestClient({ url, transferMethod: 'header' });
const { user } = (await (await client.signUp('ada@example.com', 'correct-horse-1')).json()) as { user: { id: string } };
const token = client.tokens.accessToken!;
const authorization = `Bearer ${token}`;
const isUser = (id: unknown) => (id === user.id ? 'the user' : id);
const answers: Record<string, unknown> = {};

const ask = async (headers: Record<string, string>) => {
  const body = JSON.stringify({ query: '{ me }' });
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
  const answer = (await (await fetch(`${url}/graphql`, init)).json()) as {
    data?: { me?: string };
    errors?: { extensions: { code: string } }[];
  };
  return answer.errors?.[0]?.extensions.code ?? isUser(answer.data?.me);
};
answers.query = [await ask({ authorization }), await ask({})];

let closed!: (code: unknown) => void;
const subscriptionClosed = new Promise((resolve) => (closed = resolve));
const subscriptions = createClient({
  url: `${url.replace('http', 'ws')}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
  retryAttempts: 0,
  on: { closed: (event) => closed((event as { code: number }).code) },
});
const first = await new Promise<{ data?: { mine?: string } | null }>((resolve, reject) => {
  subscriptions.subscribe({ query: 'subscription { mine }' }, { next: resolve, error: reject, complete: () => {} });
});
answers.subscription = isUser(first.data?.mine);

/** What a socket is told, how a stranger is refused, and how the socket ends. */
const SOCKETS = {
  async Express() {
    const socket = io(url, { transports: ['websocket'], reconnection: false, auth: { token } });
    socket.emit('me', {});
    answers.socket = isUser((await once(socket as never, 'answer'))[0]);
    const stranger = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
    const [refusal] = (await once(stranger as never, 'connect_error')) as [{ data: { code: string } }];
    answers['socket without a session'] = refusal.data.code;
    stranger.close();
    const ended = once(socket as never, 'latchkey:ended');
    return async () => ((await ended)[0] as { reason: string }).reason;
  },
  async Fastify() {
    const socket = new WebSocket(`ws://127.0.0.1:${wsPort}`, { headers: { authorization } });
    await once(socket, 'open');
    socket.send(JSON.stringify({ event: 'me', data: {} }));
    const [text] = (await once(socket, 'message')) as [Buffer];
    answers.socket = isUser((JSON.parse(text.toString()) as { data: string }).data);
    const stranger = new WebSocket(`ws://127.0.0.1:${wsPort}`);
    answers['socket without a session'] = (await once(stranger, 'close'))[0];
    const ended = once(socket, 'close');
    return async () => String((await ended)[1]);
  },
};
const socketEnded = await SOCKETS[framework]();

const MESSAGES = {
  Express() {
    const { port } = service.unwrap<{ address(): { port: number } }>().address();
    const messages = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
    return (data: object) =>
      firstValueFrom(messages.send<string>('me', data)).then(isUser, (error: { code: string }) => error.code);
  },
  Fastify() {
    const { people } = loadPackageDefinition(loadSync(protoPath!)) as unknown as { people: { People: PeopleClient } };
    const client = new people.People(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
    return (fields: Record<string, string>) => {
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(fields)) metadata.set(name, value);
      return new Promise((resolve) =>
        client.who({}, metadata, (error, person) => resolve(error?.code ?? isUser(person?.userId))),
      );
    };
  },
};
interface PeopleClient {
  new (
    address: string,
    with_: unknown,
  ): {
    who(
      request: object,
      metadata: Metadata,
      done: (error: ServiceError | null, person?: { userId: string }) => void,
    ): void;
  };
}
const send = MESSAGES[framework]();
answers.message = [await send({ authorization }), await send({})];

await app.get(SessionFunctions).revokeAllSessionsForUser({ userId: user.id });
answers['after the revocation'] = [await socketEnded(), await subscriptionClosed];

console.log(JSON.stringify(answers));
// The subscription that waits for ever is no reason to stay, and neither are connections.
process.exit();
