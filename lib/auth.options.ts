import type { Abstract, InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';
import { z } from 'zod';
import type { AttemptLimitsOption } from './attempts/attempt-limits.providers.js';
import { appInfoSchema, pathSchema, type AppInfo } from './http/app-info.js';
import { openApiSchema, type OpenApiOption } from './http/openapi.options.js';
import { anythingSchema, checkOptions, functionSchema } from './core/check-options.js';
import { transportsSchema, type TransportOption } from './http/session-transport.js';
import type { CoreOptions } from './core/parts/core.options.js';
import type { PasswordHasher } from './core/password-hasher.js';
import type { EmailDeliveryOption } from './delivery/email-delivery.providers.js';
import type { SmsDeliveryOption } from './delivery/sms-delivery.providers.js';
import type { PasswordRulesOption } from './passwords/password-rules.providers.js';
import type { ProviderOverride } from './override/override.js';
import type { Recipe } from './recipes/recipe.js';

/** The options that a factory may return. */
export interface AuthRuntimeOptions {
  /** What the application is called, and where it and its website are. */
  appInfo: AppInfo;
  /** @default { sqlite: 'auth.sqlite' } */
  core?: CoreOptions;
  /** True where the process may be frozen once the answer is sent. @default false */
  isInServerlessEnv?: boolean;
  /**
   * Of links that somebody asks for by email within so many seconds, the first is sent; the other requests are answered as if
   * theirs were. At 0 each one is sent.
   * @default 60
   */
  resendIntervalSeconds?: number;
}

interface AuthStructureOptions {
  /** What the application offers, such as `[SessionRecipe.init(), EmailPasswordRecipe.init()]`. */
  recipeList: Recipe[];
  /** Modules whose exports the overrides inject. */
  imports?: ModuleMetadata['imports'];
  /**
   * `{ smtp: { host, port, auth, from } }`, a class or a provider of your own, or `'log'`, which writes links to Nest's log and is
   * refused where `apiDomain` is https. Needed where a recipe sends emails, unless `apiDomain` is on this machine.
   * @default 'log' where `apiDomain` is http on this machine, with a warning
   */
  emailDelivery?: EmailDeliveryOption;
  /**
   * A class that extends `SmsDelivery`, or a provider of one, or `'log'`. Needed where a recipe sends text messages.
   * @default as for `emailDelivery`
   */
  smsDelivery?: SmsDeliveryOption;
  /**
   * How often sign-ins, sign-ups, emails and the like may be attempted, and how further attempts are answered;
   * `false` for no limits. `override` is a class that extends `AttemptLimits`, a provider of one, or a list of mixins.
   */
  attemptLimits?: AttemptLimitsOption;
  /**
   * What new passwords must be. `override` is a class that extends `PasswordRules`, a provider of one, or a list of mixins.
   * @default 8 to 128 characters, no common one, without the email and the application's name
   */
  passwordRules?: PasswordRulesOption;
  /**
   * Where sessions are found beside plain HTTP and GraphQL over it: such as `WebSocketTransport.init()` of
   * `latchkey/websockets`, or a class of your own that extends `SessionTransport`.
   * @default []
   */
  transports?: TransportOption[];
  /**
   * How documents of the API, such as those of `@nestjs/swagger`, show the auth routes; `false` leaves them out.
   * @default each route once, and routes that need a session with the schemes `bearer` and `cookie`
   */
  openApi?: OpenApiOption;
  /** Spans of OpenTelemetry around API methods, functions and operations of the core; needs `@opentelemetry/api`. @default false */
  tracing?: boolean;
  /** @default argon2id with the parameters of `core.passwordHashing` */
  passwordHasher?: Type<PasswordHasher> | ProviderOverride<PasswordHasher>;
}

/** The options of `AuthModule.forRoot`. */
export interface AuthModuleOptions extends AuthRuntimeOptions, AuthStructureOptions {}

/** A class that tells `appInfo` and `core`, for `AuthModule.forRootAsync({ useClass })`. */
export interface AuthOptionsFactory {
  /** Called once at boot; may inject and wait. */
  createAuthOptions(): AuthRuntimeOptions | Promise<AuthRuntimeOptions>;
}

type OptionsSource =
  | {
      useFactory: (...dependencies: never[]) => AuthRuntimeOptions | Promise<AuthRuntimeOptions>;
      inject?: (InjectionToken | OptionalFactoryDependency)[];
    }
  | { useClass: Type<AuthOptionsFactory> }
  | { useExisting: Type<AuthOptionsFactory> | Abstract<AuthOptionsFactory> | string | symbol };

/**
 * The options of `AuthModule.forRootAsync`: the structure of the module, and a factory for what may depend on
 * injected services.
 */
export type AuthModuleAsyncOptions = AuthStructureOptions &
  OptionsSource & {
    /** Routes are made before the factory runs, so this option is not part of what it returns. @default '/auth' */
    apiBasePath?: string;
  };

const INTERVAL = 'whole seconds from 0 to 86400';

const runtimeShape = {
  appInfo: appInfoSchema,
  core: anythingSchema<CoreOptions>().optional(),
  isInServerlessEnv: z.boolean('true or false').optional(),
  resendIntervalSeconds: z.int(INTERVAL).min(0, INTERVAL).max(86_400, INTERVAL).optional(),
};

const structureShape = {
  recipeList: z.array(anythingSchema<Recipe>(), 'a list of recipes, such as [SessionRecipe.init()]'),
  imports: z.array(anythingSchema(), 'a list of modules').optional(),
  emailDelivery: anythingSchema().optional(),
  smsDelivery: anythingSchema().optional(),
  passwordHasher: anythingSchema().optional(),
  attemptLimits: anythingSchema().optional(),
  openApi: openApiSchema,
  tracing: z.boolean('true or false').optional(),
  passwordRules: z.looseObject({}, 'rules such as { minLength: 15 }').optional(),
  transports: transportsSchema.optional(),
};

/** @throws {ConfigurationError} */
export function checkAuthModuleOptions(options: AuthModuleOptions): void {
  checkOptions('AuthModule.forRoot', z.strictObject({ ...runtimeShape, ...structureShape }, 'an object'), options);
}

/** @throws {ConfigurationError} */
export function checkAuthModuleAsyncOptions(options: AuthModuleAsyncOptions): void {
  const shape = {
    ...structureShape,
    useFactory: functionSchema('a function that returns { appInfo, core }').optional(),
    inject: z.array(anythingSchema(), 'a list of tokens').optional(),
    useClass: functionSchema('a class that has a method createAuthOptions').optional(),
    useExisting: anythingSchema().optional(),
    apiBasePath: pathSchema.optional(),
  };
  checkOptions('AuthModule.forRootAsync', z.strictObject(shape, 'an object'), options);
}

/** @throws {ConfigurationError} */
export function checkRuntimeOptions(options: AuthRuntimeOptions): AuthRuntimeOptions {
  return checkOptions(
    'AuthModule.forRootAsync useFactory',
    z.strictObject(runtimeShape, 'an object'),
    options,
  ) as AuthRuntimeOptions;
}
