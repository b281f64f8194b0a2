// Runs in a process of its own, on whichever Node and NestJS the test chose, with the package as it is published.
// Arguments: a web framework, and the options of the core as JSON. It prints what happened, step by step.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AuthModule,
  EmailPasswordRecipe,
  Session,
  type CoreOptions,
  type SessionContainer,
  SessionRecipe,
} from 'latchkey';
import { AuthTestClient, RecordedEmailDelivery } from 'latchkey/testing';

const [framework, core] = process.argv.slice(2);

@Controller()
class MeController {
  @Get('me')
  @Session()
  me(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Test', apiDomain: 'http://127.0.0.1:3000', websiteDomain: 'http://127.0.0.1:3000' },
      core: JSON.parse(core!) as CoreOptions,
      emailDelivery: { useClass: RecordedEmailDelivery },
      recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init()],
    }),
  ],
  controllers: [MeController],
})
class ApplicationModule {}

async function adapter() {
  if (framework === 'Fastify') return new (await import('@nestjs/platform-fastify')).FastifyAdapter();
  return new (await import('@nestjs/platform-express')).ExpressAdapter();
}

const app = await NestFactory.create(ApplicationModule, (await adapter()) as never, {
  logger: false,
  abortOnError: false,
});
await app.listen(0, '127.0.0.1');
const url = await app.getUrl();
const client = new AuthTestClient({ url });
const steps: Record<string, unknown> = { node: process.versions.node.split('.')[0] };

steps['without a session'] = (await new AuthTestClient({ url }).get('/me')).status;
const { status, user } = (await (await client.signUp('ada@example.com', 'correct-horse-1')).json()) as {
  status: string;
  user: { id: string };
};
steps['sign-up'] = status;
const me = await client.get('/me');
steps['guarded route'] = [me.status, ((await me.json()) as { userId: string }).userId === user.id];
steps.refresh = (await client.refresh()).status;
steps['guarded route after the refresh'] = (await client.get('/me')).status;
steps['sign-out'] = (await client.signOut()).status;
steps['guarded route after the sign-out'] = (await client.get('/me')).status;

await app.close();
console.log(JSON.stringify(steps));
