// The application that bench/flood.ts floods, in a process of its own: tells its URL and the tokens of sessions by IPC.
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthModule, EmailPasswordRecipe, SessionFunctions, SessionRecipe } from 'latchkey';
import { GuardedController } from './guarded.controller.js';

const SESSIONS = Number(process.argv[2]);
/** 0 for the default. */
const concurrentPasswordHashes = Number(process.argv[3]);
const folder = mkdtempSync(join(tmpdir(), 'latchkey-flood-'));
const domain = 'http://127.0.0.1:3000';

@Module({
  controllers: [GuardedController],
  imports: [
    AuthModule.forRoot({
      // They would refuse the flood before it is hashed.
      attemptLimits: false,
      appInfo: { appName: 'Bench', apiDomain: domain, websiteDomain: domain },
      core: { sqlite: join(folder, 'auth.sqlite'), concurrentPasswordHashes },
      recipeList: [SessionRecipe.init({ allowUnknownUser: true }), EmailPasswordRecipe.init()],
    }),
  ],
})
class BenchModule {}

const app = await NestFactory.create<NestFastifyApplication>(BenchModule, new FastifyAdapter(), { logger: false });
// Says when half of a flood is here.
let signIns = 0;
app
  .getHttpAdapter()
  .getInstance()
  .addHook('onRequest', async ({ url }: { url: string }) => {
    if (url === '/auth/signin' && ++signIns % 400 === 200) process.send!('flooded');
  });
await app.listen(0, '127.0.0.1');
const functions = app.get(SessionFunctions);
const sessions: { accessToken: string; refreshToken: string }[] = [];
for (let at = 0; at < SESSIONS; at++) {
  const session = await functions.createNewSession({ userId: `user-${at}` });
  const { accessToken, refreshToken } = session.getAllSessionTokensDangerously();
  sessions.push({ accessToken, refreshToken: refreshToken! });
}
process.send!({ url: await app.getUrl(), sessions });
process.once('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
