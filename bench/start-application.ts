// One application in a process of its own: node start-application.js NAME SQLITE-FILE. Tells by IPC what its start cost, and
// answers each message with what it has used since.
import 'reflect-metadata';
import { Controller, Get, Injectable, Module, UseGuards, type CanActivate, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';

export interface StartedApplication extends ProcessUse {
  nodeVersion: string;
  url: string;
  /** A session's token, where the process was told to make one. */
  accessToken?: string;
}

export interface ProcessUse {
  /** Milliseconds of one core, since the process began. */
  cpuMs: number;
  residentBytes: number;
}

interface Application {
  imports: ModuleMetadata['imports'];
  guard: MethodDecorator;
}

const [name, file] = process.argv.slice(2) as ['nothing' | 'latchkey', string];

@Injectable()
class NoopGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

async function withLatchkey(): Promise<Application> {
  const { AuthModule, EmailPasswordRecipe, EmailVerificationRecipe, Session, SessionRecipe, ThirdPartyRecipe } =
    await import('latchkey');
  const origin = 'http://localhost:3000';
  const providers = [{ thirdPartyId: 'google', clients: [{ clientId: 'bench', clientSecret: 'bench' }] }];
  const auth = AuthModule.forRoot({
    appInfo: { appName: 'Bench', apiDomain: origin, websiteDomain: origin },
    core: { sqlite: file },
    emailDelivery: 'log',
    recipeList: [
      SessionRecipe.init(),
      EmailPasswordRecipe.init(),
      EmailVerificationRecipe.init({ mode: 'OPTIONAL' }),
      ThirdPartyRecipe.init({ providers }),
    ],
  });
  return { imports: [auth], guard: Session() };
}

const application = name === 'latchkey' ? await withLatchkey() : { imports: [], guard: UseGuards(NoopGuard) };

@Controller()
class RoutesController {
  @Get('guarded')
  @application.guard
  guarded() {
    return { ok: true };
  }
}

@Module({ imports: application.imports, controllers: [RoutesController] })
class BenchModule {}

const app = await NestFactory.create(BenchModule, new ExpressAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
const started = { ...use(), nodeVersion: process.version, url: await app.getUrl(), accessToken: await createSession() };
process.send!(started);
process.on('message', () => process.send!(use()));
process.once('disconnect', () => process.exit(0));

function use(): ProcessUse {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, residentBytes: process.memoryUsage.rss() };
}

/** For the applications that are measured later over the same database. */
async function createSession(): Promise<string | undefined> {
  if (process.argv[4] !== 'with-session') return undefined;
  const { EmailPasswordFunctions, SessionFunctions } = await import('latchkey');
  const signedUp = await app.get(EmailPasswordFunctions).signUp({ email: 'a@example.com', password: 'bench-1234' });
  if (signedUp.status !== 'OK') throw new Error(signedUp.status);
  return (await app.get(SessionFunctions).createNewSession({ userId: signedUp.user.id })).getAccessToken();
}
