// One application in a process of its own: node rates-server.js CORE, as JSON. Tells its URL by IPC, and answers each message with
// the processor time that the process has used; "hash N" and "sign N" do just that N times before.
import 'reflect-metadata';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuthModule, type CoreOptions, EmailPasswordRecipe, PasswordHasher, SessionRecipe } from 'latchkey';

/** As many as the engine hashes at once on two cores. */
const AT_ONCE = 2;
const core = JSON.parse(process.argv[2]!) as CoreOptions;
const origin = 'http://localhost:3000';

@Module({
  imports: [
    AuthModule.forRoot({
      appInfo: { appName: 'Bench', apiDomain: origin, websiteDomain: origin },
      core,
      emailDelivery: 'log',
      attemptLimits: false,
      recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init()],
    }),
  ],
})
class RatesModule {}

const app = await NestFactory.create(RatesModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');

const signature = promisify(sign);
const { signingAlgorithm = 'RS256' } = core as { signingAlgorithm?: 'RS256' | 'ES256' | 'EdDSA' };
const { privateKey } = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}[signingAlgorithm]();
const digest = signingAlgorithm === 'EdDSA' ? null : 'sha256';
const hasher = app.get(PasswordHasher, { strict: false });
/** As long as what is signed of an access token. */
const bytes = randomBytes(600);
const bare: Record<string, () => Promise<unknown>> = {
  hash: () => hasher.hash('correct-horse-1'),
  sign: () => signature(digest, bytes, privateKey),
};

process.on('message', (message: string) => void answer(message));
process.once('disconnect', () => process.exit(0));
process.send!({ url: await app.getUrl() });

async function answer(message: string): Promise<void> {
  const [name, times] = message.split(' ');
  const operation = bare[name!];
  if (operation !== undefined) {
    let left = Number(times);
    const lane = async () => {
      while (left-- > 0) await operation();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }
  process.send!(process.cpuUsage());
}
