// What knowing of revocations costs: npm run bench:revocations [postgres://…]
import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthModule, RevocationFeed, SessionFunctions, SessionRecipe, type CoreOptions } from '../lib/index.js';
import { KnownRevocations } from '../lib/core/access-token/known-revocations.js';
import type { VerifiedAccessToken } from '../lib/core/access-token/access-token.verifier.js';
import { Argon2PasswordHasher } from '../lib/core/embedded/argon2-password-hasher.js';
import { createEmbeddedCore } from '../lib/core/parts/embedded-core.js';
import { SessionsCore } from '../lib/core/sessions.core.js';
import { GuardedController } from './guarded.controller.js';
import { median, percentile } from './statistics.js';

const REVOCATIONS = 1_000_000;
const LOOKS = 1_000_000;
const ROUNDS = 15;
const REQUESTS = 2000;
const TOLD = 100;

const LIFETIME_MS = 3_600_000;

async function startApp(revocationFeed: false | undefined) {
  const core: CoreOptions = { sqlite: ':memory:', revocationFeed };
  const appInfo = { appName: 'Bench', apiDomain: 'http://localhost:3000', websiteDomain: 'http://localhost:3000' };
  class App {}
  const auth = AuthModule.forRoot({ appInfo, core, recipeList: [SessionRecipe.init()] });
  Module({ imports: [auth], controllers: [GuardedController] })(App);
  const app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false });
  await app.init();
  const session = await app
    .get(SessionFunctions, { strict: false })
    .createNewSession({ userId: 'ada', allowUnknownUser: true });
  const headers = { authorization: `Bearer ${session.getAccessToken()}` };
  return { app, ask: () => app.inject({ method: 'GET', url: '/guarded', headers }) };
}

/** In µs of processor time. */
async function costOf(ask: () => PromiseLike<{ statusCode: number }>): Promise<number> {
  const before = process.cpuUsage();
  for (let request = 0; request < REQUESTS; request++) {
    if ((await ask()).statusCode !== 200) throw new Error('A guarded request was refused');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

function nanosecondsOfLook(known: KnownRevocations): number {
  const iat = Math.floor(Date.now() / 1000);
  const tokens = Array.from({ length: 1000 }, () => {
    const claims = { sub: randomUUID(), iat, exp: iat + LIFETIME_MS / 1000, sessionHandle: randomUUID() };
    return { claims } as unknown as VerifiedAccessToken;
  });
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.hrtime.bigint();
    for (let look = 0; look < LOOKS; look++) {
      if (known.look(tokens[look % tokens.length]!) !== undefined) throw new Error('Nothing was revoked of these');
    }
    return Number(process.hrtime.bigint() - before) / LOOKS;
  });
  return median(rounds);
}

function heapInMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

async function showMemory(requestMicroseconds: number): Promise<void> {
  const known = new KnownRevocations({
    accessTokenLifetimeMs: LIFETIME_MS,
    clock: Date.now,
    maxEntries: 2 * REVOCATIONS,
  });
  const empty = nanosecondsOfLook(known);
  const before = heapInMegabytes();
  // As they come from the table.
  for (let rows = 0; rows < REVOCATIONS / 1000; rows++) {
    const text = JSON.stringify(Array.from({ length: 1000 }, () => randomUUID()));
    known.addSessions(JSON.parse(text) as string[], Date.now());
  }
  console.log(`${known.size} revocations in memory: ${(heapInMegabytes() - before).toFixed(0)} MB`);
  const full = nanosecondsOfLook(known);
  const share = (100 * full) / (1000 * requestMicroseconds);
  console.log(`a look: ${empty.toFixed(0)} ns among none, ${full.toFixed(0)} ns among all of them`);
  console.log(`of a guarded request on Fastify: ${share.toFixed(2)} %`);
}

async function showRequests(): Promise<number> {
  const apps = [await startApp(false), await startApp(undefined)];
  const costs = apps.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) costs[at]!.push(await costOf(apps[at]!.ask));
  }
  const ratio = median(costs[0]!.map((cost, round) => costs[1]![round]! / cost));
  const [off, on] = costs.map((each) => median(each).toFixed(1));
  console.log(`a guarded request, CPU: ${off} µs without a feed, ${on} µs with it, ratio ${ratio.toFixed(3)}`);
  await Promise.all(apps.map(({ app }) => app.close()));
  return median(costs[1]!);
}

async function showDelay(postgres: string): Promise<void> {
  const schema = `bench_${randomBytes(6).toString('hex')}`;
  const passwordHasher = new Argon2PasswordHasher({ memoryCostKiB: 1024, timeCost: 1, parallelism: 1 });
  const open = () => createEmbeddedCore({ postgres, schema }, { passwordHasher });
  const [here, there] = [await open(), await open()];
  while (there.port(RevocationFeed).state.transport !== 'LISTEN') await nextTurn();
  const delays: number[] = [];
  for (let revoked = 0; revoked < TOLD; revoked++) {
    const { session, accessToken } = await here.port(SessionsCore).createNewSession({
      tenantId: 'public',
      userId: 'ada',
      recipeUserId: 'ada',
      accessTokenPayload: {},
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
    });
    const input = { accessToken: accessToken.token, checkAntiCsrf: false, checkDatabase: false };
    await here.port(SessionsCore).revokeSessions([session.handle]);
    const before = performance.now();
    while ((await there.port(SessionsCore).verifySession(input)).status === 'OK') await nextTurn();
    delays.push(performance.now() - before);
  }
  const [half, most] = [median(delays), percentile(delays, 99)].map((delay) => delay.toFixed(1));
  console.log(
    `refused by another process over PostgreSQL, after the revocation was answered: ${half} ms, p99 ${most} ms`,
  );
  await Promise.all([here.close(), there.close()]);
  console.log(`The schema ${schema} may be dropped`);
}

console.log(`Node ${process.version}; ${ROUNDS} rounds in turn, medians\n`);
await showMemory(await showRequests());
const [postgres] = process.argv.slice(2);
if (postgres !== undefined) await showDelay(postgres);
