// Runs in a process of its own, on the NestJS that the test chose, with the package as it is published: a resolver, a gateway and
// a handler of messages, in one hybrid application. It prints what their clients were told.
import 'reflect-metadata';
import { once } from 'node:events';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, Resolver, Subscription } from '@nestjs/graphql';
import { ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices';
import { IoAdapter } from '@nestjs/platform-socket.io';
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

@WebSocketGateway()
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
}

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Test', apiDomain: 'http://127.0.0.1:3000', websiteDomain: 'http://127.0.0.1:3000' },
      core: { sqlite: ':memory:', passwordHashing: { memoryCostKiB: 64, timeCost: 1 } },
      emailDelivery: { useClass: RecordedEmailDelivery },
      recipeList: [SessionRecipe.init({ openConnectionCheckSeconds: 3600 }), EmailPasswordRecipe.init()],
      transports: [GraphqlTransport.init(), WebSocketTransport.init(), MicroserviceTransport.init()],
    }),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      typeDefs: 'type Query { me: String } type Subscription { mine: String }',
      subscriptions: { 'graphql-ws': true },
    }),
  ],
  controllers: [MeController],
  providers: [MeResolver, MeGateway],
})
class ApplicationModule {}

const app = await NestFactory.create(ApplicationModule, { logger: false, abortOnError: false });
app.useWebSocketAdapter(new IoAdapter(app));
const service = app.connectMicroservice({ transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } });
await app.startAllMicroservices();
await app.listen(0, '127.0.0.1');
const url = await app.getUrl();
const client = new AuthTestClient({ url, transferMethod: 'header' });
const { user } = (await (await client.signUp('ada@example.com', 'correct-horse-1')).json()) as { user: { id: string } };
const token = client.tokens.accessToken!;
const authorization = `Bearer ${token}`;
const isUser = (id: unknown) => (id === user.id ? 'the user' : id);
const told: Record<string, unknown> = {};

const ask = async (headers: Record<string, string>) => {
  const body = JSON.stringify({ query: '{ me }' });
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
  const answer = (await (await fetch(`${url}/graphql`, init)).json()) as {
    data?: { me?: string };
    errors?: { extensions: { code: string } }[];
  };
  return answer.errors?.[0]?.extensions.code ?? isUser(answer.data?.me);
};
told.query = [await ask({ authorization }), await ask({})];

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
told.subscription = isUser(first.data?.mine);

const socket = io(url, { transports: ['websocket'], reconnection: false, auth: { token } });
socket.emit('me', {});
told.socket = isUser((await once(socket as never, 'answer'))[0]);
const stranger = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
const [refusal] = (await once(stranger as never, 'connect_error')) as [{ data: { code: string } }];
told['socket without a session'] = refusal.data.code;
stranger.close();

const { port } = service.unwrap<{ address(): { port: number } }>().address();
const messages = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
const send = (data: object) =>
  firstValueFrom(messages.send<string>('me', data)).then(isUser, (error: { code: string }) => error.code);
told.message = [await send({ authorization }), await send({})];

const ended = once(socket as never, 'latchkey:ended');
await app.get(SessionFunctions).revokeAllSessionsForUser({ userId: user.id });
told['after the revocation'] = [((await ended)[0] as { reason: string }).reason, await subscriptionClosed];

socket.close();
messages.close();
await subscriptions.dispose();
console.log(JSON.stringify(told));
// The subscription that waits for ever is no reason to stay.
process.exit();
