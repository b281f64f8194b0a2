import type { DynamicModule, INestApplication, ModuleMetadata } from '@nestjs/common';
import { AuthModule, EmailDelivery, EmailPasswordRecipe, SessionRecipe, type AuthModuleOptions } from 'latchkey';
import { AuthTestClient, RecordedEmailDelivery, type AuthTestClientOptions } from 'latchkey/testing';
import { coreFor } from './test-core.js';
import { startApp, type Framework, type StartOptions } from './frameworks.js';

type SessionSettings = NonNullable<Parameters<typeof SessionRecipe.init>[0]>;
type EmailPasswordSettings = NonNullable<Parameters<typeof EmailPasswordRecipe.init>[0]>;

export interface AuthAppOptions extends StartOptions {
  session?: SessionSettings;
  emailPassword?: EmailPasswordSettings;
  /** Replaces any option of `AuthModule.forRoot`. */
  auth?: Partial<AuthModuleOptions>;
  /** The application's own root module. */
  application?: Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers'>;
}

export interface AuthApp {
  app: INestApplication;
  url: string;
  client(options?: Omit<AuthTestClientOptions, 'url'>): AuthTestClient;
  emails(): RecordedEmailDelivery;
}

export const appInfo = { appName: 'Test', apiDomain: 'http://127.0.0.1:3000', websiteDomain: 'http://127.0.0.1:3000' };

export const PASSWORD = 'correct-horse-1';

/** `AuthModule.forRoot` with the Session and EmailPassword recipes. */
export function authModule({ session, emailPassword, auth }: AuthAppOptions = {}): DynamicModule {
  return AuthModule.forRoot({
    appInfo,
    core: coreFor(),
    emailDelivery: { useClass: RecordedEmailDelivery },
    // Tests ask for one link after the other.
    resendIntervalSeconds: 0,
    recipeList: [SessionRecipe.init(session), EmailPasswordRecipe.init(emailPassword)],
    ...auth,
  });
}

/** The root module of an application around other modules. */
export function rootModule({ imports = [], ...metadata }: ModuleMetadata): DynamicModule {
  return { module: class Application {}, imports, ...metadata };
}

/** Starts an application that has Latchkey in it. */
export async function startAuthApp(framework: Framework, options: AuthAppOptions = {}): Promise<AuthApp> {
  const { session, emailPassword, auth, application = {}, ...start } = options;
  const { imports = [], ...moduleParts } = application;
  const root = rootModule({ ...moduleParts, imports: [authModule({ session, emailPassword, auth }), ...imports] });
  return around(await startApp(framework, root, start));
}

export function around({ app, url }: { app: INestApplication; url: string }): AuthApp {
  return {
    app,
    url,
    client: (options) => new AuthTestClient({ url, ...options }),
    emails: () => app.get(EmailDelivery, { strict: false }) as RecordedEmailDelivery,
  };
}

let counter = 0;

/** An address that no other test uses. */
export function newEmail(): string {
  return `user-${++counter}@example.com`;
}

/** The message of the error that a start of the application ends with. */
export async function bootError(start: () => Promise<{ app: INestApplication }>): Promise<Error> {
  let started: { app: INestApplication };
  try {
    started = await start();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  await started.app.close();
  throw new Error('The application started, though it was expected not to');
}
