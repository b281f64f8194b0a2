// One application in a process of its own: node server.js Express|Fastify [SESSIONS]. Tells its URL and access tokens by IPC, and,
// for each message, what processor time it has used.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { EmailPasswordFunctions, SessionFunctions, UserRolesFunctions } from 'latchkey';
import { RoutesModule } from './routes.js';

const adapter = process.argv[2] === 'Fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app = await NestFactory.create(RoutesModule, adapter, { logger: false });
await app.listen(0, '127.0.0.1');
// A sign-up runs a transaction: from the first one on, Node carries context along with every promise of the
// process, as it does in any application that has been used.
const signedUp = await app.get(EmailPasswordFunctions).signUp({ email: 'bench@example.com', password: 'bench-1234' });
if (signedUp.status !== 'OK') throw new Error(signedUp.status);
await app.get(UserRolesFunctions).addRoleToUser({ userId: signedUp.user.id, role: 'accountant' });
const accessTokens: string[] = [];
while (accessTokens.length < Number(process.argv[3] ?? 1)) {
  // Of a user each: one user has no more than 10,000 by default.
  const userId = accessTokens.length === 0 ? signedUp.user.id : `user-${accessTokens.length}`;
  const session = await app.get(SessionFunctions).createNewSession({ userId, allowUnknownUser: true });
  accessTokens.push(session.getAccessToken());
}
process.send!({ url: await app.getUrl(), accessTokens });
process.on('message', () => process.send!(process.cpuUsage()));
process.once('disconnect', () => process.exit(0));
