// One of the replicas of bench/limits.ts, in a process of its own: counts the guesses that reach a password check.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  AuthModule,
  EmailPasswordFunctions,
  EmailPasswordRecipe,
  PasswordHasher,
  SessionRecipe,
  type SignInInput,
} from 'latchkey';
import { sql } from 'kysely';
import { Core } from '../lib/core/core.js';
import { SqlAuthDatabase } from '../lib/core/embedded/storage/sql-auth-database.js';
import { GuardedController } from './guarded.controller.js';
import { GUESS, type Order, type ReplicaOptions } from './limits-attack.js';
import { seed } from './seed.js';

const { postgres, schema, domain } = JSON.parse(process.argv[2]!) as ReplicaOptions;
let checks = 0;

class CountedSignIns extends EmailPasswordFunctions {
  override async signIn(input: SignInInput) {
    if (input.password === GUESS) checks++;
    return super.signIn(input);
  }
}

@Module({
  controllers: [GuardedController],
  imports: [
    AuthModule.forRoot({
      // Limits and hashing as they are by default: only where requests come from has to be said.
      attemptLimits: { trustedProxies: 1 },
      appInfo: { appName: 'Bench', apiDomain: domain, websiteDomain: domain },
      core: { postgres, schema },
      recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init({ override: { functions: CountedSignIns } })],
    }),
  ],
})
class BenchModule {}

const app = await NestFactory.create(BenchModule, new FastifyAdapter(), { logger: ['error'] });
await app.listen(0, '127.0.0.1');

/** Accounts that exist, with a password hash as any other. */
async function makeAccounts(count: number): Promise<void> {
  const core = app.get(Core, { strict: false });
  await seed(core, count, schema);
  const hash = await app.get(PasswordHasher, { strict: false }).hash('what nobody guesses 1');
  const db = await core.port(SqlAuthDatabase).tables();
  await sql`update ${sql.id(schema, 'latchkey_password_credentials')} set password_hash = ${hash}`.execute(db);
}

process.on('message', (order: Order) => {
  void (async () => {
    if (order.kind === 'make-accounts') await makeAccounts(order.count);
    process.send!({ checks });
    if (order.kind === 'take-checks') checks = 0;
  })();
});
process.once('disconnect', () => void app.close().finally(() => process.exit(0)));
process.send!({ url: await app.getUrl() });
