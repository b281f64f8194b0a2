// One application in a process of its own: node server.js Express|Fastify. Tells its URL and a session by IPC.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { SessionFunctions } from 'latchkey';
import { RoutesModule } from './routes.js';

const adapter = process.argv[2] === 'Fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app = await NestFactory.create(RoutesModule, adapter, { logger: false });
await app.listen(0, '127.0.0.1');
const session = await app.get(SessionFunctions).createNewSession({ userId: 'bench-user' });
process.send!({ url: await app.getUrl(), accessToken: session.getAccessToken() });
process.once('disconnect', () => process.exit(0));
