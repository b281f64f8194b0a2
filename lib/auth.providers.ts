import { Inject, Injectable, Logger, type OnApplicationShutdown, type Provider, type Type } from '@nestjs/common';
import type { AuthModuleOptions, AuthRuntimeOptions } from './auth.options.js';
import { AUTH_CONFIG, type AuthConfig } from './http/auth-config.js';
import { normaliseAppInfo } from './http/app-info.js';
import { ConfigurationError } from './core/auth.error.js';
import { Core, type Port } from './core/core.js';
import { checkCoreOptions, type CoreOptions, isRemoteCore } from './core/parts/core.options.js';
import { readableOriginsOf } from './core/remote/remote-core.options.js';
import { createCore } from './core/parts/create-core.js';
import { Argon2PasswordHasher } from './core/embedded/argon2-password-hasher.js';
import { Facts } from './core/facts.js';
import { AttemptsCore } from './core/attempts.core.js';
import { AuthDatabase } from './core/auth-database.js';
import { logLine } from './core/log-line.js';
import { RevocationFeed } from './core/revocation-feed.js';
import type { EngineOptions } from './core/engine-options.js';
import { PasswordHasher } from './core/password-hasher.js';
import { resolvePasswordHashing } from './core/password-hashing.options.js';
import { TenantsCore } from './core/tenants.core.js';
import { UserIdMappingCore } from './core/user-id-mapping.core.js';
import { UsersCore } from './core/users.core.js';
import { emailDeliveryProviders } from './delivery/email-delivery.providers.js';
import { MessageQueue } from './delivery/message-queue.js';
import { MessageRegistry } from './delivery/message-registry.js';
import { ResendInterval } from './delivery/resend-interval.js';
import { smsDeliveryProviders } from './delivery/sms-delivery.providers.js';
import { HashingAtHand } from './hashing-at-hand.js';
import { LatchkeyHealthIndicator } from './health-indicator.js';
import { AuthErrorAnswers } from './http/auth-error-answers.js';
import { EmptyJsonBodies } from './http/empty-json-bodies.js';
import { AuthErrorFilter } from './http/auth-error.filter.js';
import { PublicPaths } from './http/public-paths.js';
import { TenantInPath, TenantOfRequest } from './http/tenant-of-request.js';
import { serviceProvider } from './override/override.js';
import { RECIPE_CLAIMS } from './claims/recipe-claim.js';
import { loadTracer, TRACER, type Tracer } from './tracing/open-telemetry.js';
import { tracedView } from './tracing/traced.js';
import type { Recipe } from './recipes/recipe.js';
import { SmtpEmailDelivery } from './recipes/smtp-email-delivery.js';
import { Users } from './users/users.js';

export const AUTH_OPTIONS = Symbol('latchkey.options');
/** The token of the checked `CoreOptions`. */
export const CORE_OPTIONS = Symbol('latchkey.core-options');
/** The token of what the recipes add to the core. */
export const CORE_PARTS = Symbol('latchkey.core-parts');

const DEFAULT_CORE: CoreOptions = { sqlite: 'auth.sqlite' };

/** What every recipe stands on. */
export function coreProviders(
  options: Pick<AuthModuleOptions, 'emailDelivery' | 'smsDelivery' | 'passwordHasher' | 'tracing'>,
  recipes: Recipe[],
): Provider[] {
  const parts = recipes.flatMap(({ definition }) => definition.coreParts ?? []);
  const ports = new Set<Port<unknown>>([
    AttemptsCore,
    AuthDatabase,
    Facts,
    RevocationFeed,
    TenantsCore,
    UserIdMappingCore,
    UsersCore,
    ...recipes.flatMap(({ definition }) => definition.ports ?? []),
    ...parts.map(({ port }) => port),
  ]);
  return [
    {
      provide: AUTH_CONFIG,
      inject: [AUTH_OPTIONS],
      useFactory: (options: AuthRuntimeOptions): AuthConfig => {
        const { appInfo, isInServerlessEnv = false, resendIntervalSeconds = 60 } = options;
        return { appInfo: normaliseAppInfo(appInfo), isInServerlessEnv, resendIntervalSeconds };
      },
    },
    { provide: CORE_PARTS, useValue: parts },
    {
      provide: CORE_OPTIONS,
      inject: [AUTH_OPTIONS],
      useFactory: ({ core = DEFAULT_CORE }: AuthRuntimeOptions): CoreOptions => checkCoreOptions(core, parts),
    },
    passwordHasherProvider(options.passwordHasher),
    {
      provide: Core,
      inject: [CORE_OPTIONS, PasswordHasher],
      useFactory: async (core: CoreOptions, passwordHasher: PasswordHasher) => {
        if (isRemoteCore(core) && options.passwordHasher !== undefined) throw uselessPasswordHasher();
        if (isRemoteCore(core)) warnOfPlainHttp(core.connectionURI);
        return createCore(core, { passwordHasher, parts });
      },
    },
    CoreShutdown,
    {
      provide: HashingAtHand,
      inject: [PasswordHasher, CORE_OPTIONS, AUTH_CONFIG],
      useFactory: (hasher: PasswordHasher, core: CoreOptions, { isInServerlessEnv }: AuthConfig) =>
        new HashingAtHand(isInServerlessEnv || isRemoteCore(core) ? undefined : hasher),
    },
    RevocationFeedLog,
    { provide: RECIPE_CLAIMS, useValue: recipes.flatMap(({ definition }) => definition.claims ?? []) },
    ...[...ports].map((port) => portProvider(port, options.tracing === true)),
    { provide: TRACER, useFactory: () => (options.tracing === true ? loadTracer() : undefined) },
    { provide: MessageRegistry, useValue: messageRegistry(recipes) },
    ...emailDeliveryProviders(options.emailDelivery, SmtpEmailDelivery),
    ...smsDeliveryProviders(options.smsDelivery),
    ResendInterval,
    MessageQueue,
    AuthErrorAnswers,
    AuthErrorFilter,
    EmptyJsonBodies,
    PublicPaths,
    // A recipe may bring another one: of two providers of a token, Nest takes the later.
    { provide: TenantOfRequest, useClass: TenantInPath },
    Users,
    LatchkeyHealthIndicator,
  ];
}

/** These have no operations of a core. */
const UNTRACED: ReadonlySet<Port<unknown>> = new Set<Port<unknown>>([AuthDatabase, Facts, RevocationFeed]);

function portProvider(port: Port<unknown>, isTraced: boolean): Provider {
  if (!isTraced || UNTRACED.has(port)) {
    return { provide: port, inject: [Core], useFactory: (core: Core) => core.port(port) };
  }
  return {
    provide: port,
    inject: [Core, TRACER],
    useFactory: (core: Core, tracer: Tracer) =>
      tracedView(core.port(port) as object, { layer: 'core', name: port.name }, tracer),
  };
}

function messageRegistry(recipes: Recipe[]): MessageRegistry {
  const messages = recipes.flatMap(({ definition }) => definition.messages ?? []);
  return new MessageRegistry(messages.map(({ definition }) => definition));
}

function passwordHasherProvider(override: AuthModuleOptions['passwordHasher']): Provider {
  if (override !== undefined) {
    return serviceProvider(
      PasswordHasher,
      Argon2PasswordHasher as Type<PasswordHasher>,
      override,
      'AuthModule passwordHasher',
    );
  }
  return {
    provide: PasswordHasher,
    inject: [CORE_OPTIONS],
    useFactory: (core: CoreOptions) => {
      // Where the core is in another process, passwords are hashed there.
      const engine: EngineOptions = isRemoteCore(core) ? {} : core;
      const { passwordHashing, firebasePasswordHashing } = engine;
      return new Argon2PasswordHasher(resolvePasswordHashing(passwordHashing), firebasePasswordHashing);
    },
  };
}

/** The key, and all that the core is told, would be readable on the way. */
function warnOfPlainHttp(connectionURI: string | undefined): void {
  for (const origin of readableOriginsOf(connectionURI)) {
    new Logger('Latchkey').warn(
      `core.connectionURI: ${origin} is asked over http, so the API key and passwords can be read on the way. Use https, or ` +
        'a network that nobody else is on.',
    );
  }
}

function uselessPasswordHasher(): ConfigurationError {
  return new ConfigurationError(
    'AuthModule: passwordHasher is given, but core.connectionURI says that the core, which hashes passwords, is in ' +
      'another process. Remove it, and configure the hashing where the core runs.',
  );
}

/** Says when guards no longer know what was revoked, and when they know again. */
@Injectable()
class RevocationFeedLog {
  constructor(@Inject(RevocationFeed) feed: RevocationFeed) {
    const logger = new Logger('RevocationFeed');
    let isBehind = false;
    feed.onChange(({ status, reason }) => {
      if (isBehind === (status === 'BEHIND')) return;
      isBehind = !isBehind;
      if (isBehind)
        logger.error(logLine(`Revoked sessions may not be known here: ${reason}. See core.revocationFeed.whenBehind`));
      else logger.log('All revoked sessions are known again');
    });
  }
}

/** Closes the core after the last request and the last email: Nest calls this when its server has stopped. */
@Injectable()
class CoreShutdown implements OnApplicationShutdown {
  constructor(
    @Inject(Core) private readonly core: Core,
    @Inject(MessageQueue) private readonly messageQueue: MessageQueue,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.messageQueue.stop();
    await this.core.close();
  }
}
