// One application in a process of its own: node server.js PEER Express|Fastify. Tells what it cost to start, its URL and the
// headers of a signed-in user by IPC, and, for each message, what processor time it has used.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Framework, Peer } from './peer.js';

const [peerName, framework] = process.argv.slice(2) as [string, Framework];

/** A process loads its own peer only, so that start and memory are those of an application. */
const PEERS: Record<string, () => Promise<Peer>> = {
  nothing: async () => (await import('./nothing.js')).nothing(),
  latchkey: async () => (await import('./latchkey.js')).latchkey(),
  'passport-jwt': async () => (await import('./passport-jwt.js')).passportJwt(),
  'supertokens-node': async () => (await import('./supertokens-node.js')).supertokensNode(framework),
  'better-auth': async () => (await import('./better-auth.js')).betterAuth({ cookieCache: false }),
  'better-auth, cookie cache': async () => (await import('./better-auth.js')).betterAuth({ cookieCache: true }),
};

async function createAdapter() {
  if (framework === 'Fastify') return new (await import('@nestjs/platform-fastify')).FastifyAdapter();
  return new (await import('@nestjs/platform-express')).ExpressAdapter();
}

const peer = await PEERS[peerName]!();

@Controller()
class RoutesController {
  @Get('guarded')
  @peer.guard
  guarded() {
    return { ok: true };
  }
}

@Module({ imports: peer.imports ?? [], controllers: [RoutesController] })
class BenchModule {}

const app = await NestFactory.create(BenchModule, await createAdapter(), { logger: false });
await peer.prepare?.(app);
await app.listen(0, '127.0.0.1');
const startMs = performance.now();
const residentBytes = process.memoryUsage.rss();
const credentials = (await peer.signUp?.(app)) ?? { header: {}, cookie: {} };
process.send!({ nodeVersion: process.version, url: await app.getUrl(), startMs, residentBytes, credentials });
process.on('message', () => process.send!(process.cpuUsage()));
process.once('disconnect', () => process.exit(0));
