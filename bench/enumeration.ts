// Whether the time of an answer tells who has an account: npm run bench:enumeration [-- --quick]
import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuthModule, EmailDelivery, EmailPasswordFunctions, EmailPasswordRecipe, SessionRecipe } from 'latchkey';
import { median } from './statistics.js';

const PAIRS = process.argv.includes('--quick') ? 200 : 2000;
const WARM_UP = 100;
const PASSWORD = 'correct horse 1';

/** Takes as long as a mail server does, which no answer may wait for. */
@Injectable()
class SlowDelivery extends EmailDelivery {
  override async sendPasswordReset(): Promise<void> {
    await delay(50);
  }

  override async sendEmailVerification(): Promise<void> {}
}

const folder = await mkdtemp(join(tmpdir(), 'latchkey-enumeration-'));
const domain = 'http://127.0.0.1:3000';

@Module({
  imports: [
    AuthModule.forRoot({
      // Each account is asked about more often than they let through.
      attemptLimits: false,
      resendIntervalSeconds: 0,
      appInfo: { appName: 'Bench', apiDomain: domain, websiteDomain: domain },
      core: { sqlite: join(folder, 'auth.sqlite') },
      emailDelivery: { useClass: SlowDelivery },
      recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init()],
    }),
  ],
})
class BenchModule {}

const app = await NestFactory.create(BenchModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
const url = await app.getUrl();
await app.get(EmailPasswordFunctions).signUp({ email: 'known@example.com', password: PASSWORD });

const questions = {
  'asking for a reset': (email: string) => ['user/password/reset/token', [{ id: 'email', value: email }]] as const,
  'signing in with a wrong password': (email: string) =>
    [
      'signin',
      [
        { id: 'email', value: email },
        { id: 'password', value: 'a guess 1' },
      ],
    ] as const,
};

console.log(`medians of ${PAIRS} pairs of requests, one for an account that exists and one for none, in turn\n`);
console.log(`${'known'.padStart(47)}${'unknown'.padStart(12)}${'ratio'.padStart(8)}`);
for (const [name, question] of Object.entries(questions)) {
  const times: [number[], number[]] = [[], []];
  for (let pair = -WARM_UP; pair < PAIRS; pair++) {
    // The order changes each time, so that the place in the pair is not what is measured.
    for (const at of pair % 2 === 0 ? [0, 1] : [1, 0]) {
      const milliseconds = await timeOf(question(at === 0 ? 'known@example.com' : 'nobody@example.com'));
      if (pair >= 0) times[at as 0 | 1].push(milliseconds);
    }
  }
  const [known, unknown] = times.map(median) as [number, number];
  console.log(
    `  ${name.padEnd(36)}${known.toFixed(2).padStart(6)} ms${unknown.toFixed(2).padStart(9)} ms${(known / unknown).toFixed(3).padStart(8)}`,
  );
}
await app.close();
await rm(folder, { recursive: true });

async function timeOf([path, formFields]: readonly [string, unknown]): Promise<number> {
  const started = performance.now();
  const response = await fetch(`${url}/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ formFields }),
  });
  await response.text();
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return performance.now() - started;
}
