import { Module, type DynamicModule, type NestModule, type Provider } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { attemptLimitsProviders } from './attempts/attempt-limits.providers.js';
import {
  checkAuthModuleAsyncOptions,
  checkAuthModuleOptions,
  checkRuntimeOptions,
  type AuthModuleAsyncOptions,
  type AuthModuleOptions,
  type AuthOptionsFactory,
  type AuthRuntimeOptions,
} from './auth.options.js';
import { AUTH_OPTIONS, coreProviders } from './auth.providers.js';
import { blamedProviders } from './blamed-providers.js';
import { BootCheck, BOOT_CHECK, type BootCheckOptions } from './boot-check.js';
import { dependencyCheckProvider } from './dependency-check.js';
import { MESSAGE_CHECK, MessageCheck, type MessageCheckOptions } from './message-check.js';
import { normaliseAppInfo, normalisePath } from './http/app-info.js';
import { ConfigurationError } from './core/auth.error.js';
import { CallSite } from './core/call-site.js';
import { EmptyJsonBodies } from './http/empty-json-bodies.js';
import { AuthErrorFilter } from './http/auth-error.filter.js';
import { Transports } from './http/transports.js';
import { transportProviders } from './transport.providers.js';
import { OPEN_API } from './http/openapi.options.js';
import { checkConstructor } from './override/constructor-check.js';
import { passwordRulesProviders } from './passwords/password-rules.providers.js';
import { describedRoutesProvider } from './recipes/described-routes-provider.js';
import { FORMER_LOGIN_METHODS, withLoginMethods } from './recipes/login-methods/index.js';
import { noteReplacedGuards } from './recipes/session/replaced-guards.js';
import { OverriddenMethods } from './override/overridden-methods.js';
import { RecipeOverrides } from './recipe-overrides.js';
import { TRACED_RECIPES, TracedRecipes } from './traced-recipes.js';
import { withParts } from './recipes/recipe-parts.js';
import { checkRecipeList, checkSoleNames } from './recipes/recipe-list-check.js';
import {
  disabledRoutesProvider,
  firstFactorsProvider,
  formerRouteProvider,
  recipeController,
  recipeProviders,
  requirementsProvider,
} from './recipes/recipe-providers.js';

/** Stands where `forRoot` provides the real one. */
function refusePlainImport(): never {
  throw new ConfigurationError(
    'AuthModule is in the imports of a module without its options. Write AuthModule.forRoot({ … }) in the root module; ' +
      'it is global, so remove AuthModule from the imports of every other module.',
  );
}

/** Brings recipes into a NestJS application: their routes, guards and injectable services. */
@Module({
  providers: [AuthErrorFilter, EmptyJsonBodies, Transports].map((provide) => ({
    provide,
    useFactory: refusePlainImport,
  })),
})
export class AuthModule implements NestModule {
  constructor(
    private readonly errorFilter: AuthErrorFilter,
    private readonly emptyJsonBodies: EmptyJsonBodies,
    private readonly modules: ModulesContainer,
    private readonly transports: Transports,
  ) {}

  /** Of Nest's hooks this is the one between the application's own set-up and the making of routes. */
  configure(): void {
    this.errorFilter.register();
    this.emptyJsonBodies.accept();
    noteReplacedGuards(this.modules, AuthModule, this.transports);
  }

  /** @throws {ConfigurationError} an option is wrong; the message names it, its value and the fix */
  static forRoot(options: AuthModuleOptions): DynamicModule {
    const calledAt = new CallSite(AuthModule.forRoot);
    return calledAt.blame(() => {
      checkAuthModuleOptions(options);
      const { apiBasePath } = normaliseAppInfo(options.appInfo);
      return createModule(options, { apiBasePath, calledAt }, { provide: AUTH_OPTIONS, useValue: options });
    });
  }

  /** As `forRoot`, with `appInfo` and `core` made by a factory that may inject and wait. */
  static forRootAsync(options: AuthModuleAsyncOptions): DynamicModule {
    const calledAt = new CallSite(AuthModule.forRootAsync);
    return calledAt.blame(() => {
      checkAuthModuleAsyncOptions(options);
      const apiBasePath = normalisePath(options.apiBasePath ?? '/auth');
      return createModule(options, { apiBasePath, calledAt }, ...asyncOptionsProviders(options, apiBasePath));
    });
  }
}

type StructureOptions = Pick<
  AuthModuleOptions,
  | 'recipeList'
  | 'imports'
  | 'emailDelivery'
  | 'smsDelivery'
  | 'passwordHasher'
  | 'attemptLimits'
  | 'passwordRules'
  | 'transports'
  | 'openApi'
  | 'tracing'
>;

function createModule(
  options: StructureOptions,
  { apiBasePath, calledAt }: { apiBasePath: string; calledAt: CallSite },
  ...optionsProviders: Provider[]
): DynamicModule {
  checkRecipeList(options.recipeList);
  const { recipes, former } = withLoginMethods(withParts(options.recipeList));
  checkSoleNames(recipes);
  const controllers = recipes.map((recipe) => recipeController(recipe, apiBasePath));
  const { openApi = {} } = options;
  const bootCheck: BootCheckOptions = { recipes, module: AuthModule, calledAt };
  const messageCheck: MessageCheckOptions = { recipes, email: options.emailDelivery, sms: options.smsDelivery };
  const providers: Provider[] = [
    dependencyCheckProvider(bootCheck),
    ...blamedProviders(calledAt, () => [
      ...optionsProviders,
      ...coreProviders(options, recipes),
      ...attemptLimitsProviders(
        options.attemptLimits ?? {},
        recipes.map(({ definition }) => definition),
      ),
      ...passwordRulesProviders(options.passwordRules ?? {}),
      ...transportProviders(options.transports ?? []),
    ]),
    ...recipes.flatMap((recipe) => blamedProviders(recipe.calledAt ?? calledAt, () => recipeProviders(recipe))),
    firstFactorsProvider(recipes),
    requirementsProvider(recipes),
    formerRouteProvider(FORMER_LOGIN_METHODS, former, 'loginMethodsGET'),
    ...recipes.map((recipe, at) => disabledRoutesProvider(recipe, controllers[at]!)),
    ...recipes.map((recipe, at) => describedRoutesProvider(recipe, controllers[at]!, openApi)),
    { provide: OPEN_API, useValue: openApi },
    ...(options.tracing === true ? [{ provide: TRACED_RECIPES, useValue: recipes }, TracedRecipes] : []),
    {
      provide: OverriddenMethods,
      inject: [ModuleRef],
      useFactory: (moduleRef: ModuleRef) => new RecipeOverrides(options.recipeList, moduleRef),
    },
    { provide: BOOT_CHECK, useValue: bootCheck },
    BootCheck,
    { provide: MESSAGE_CHECK, useValue: messageCheck },
    MessageCheck,
  ];
  return {
    module: AuthModule,
    // Guards and overrides are resolved in the application's modules, so they must find us there.
    global: true,
    imports: options.imports ?? [],
    controllers,
    providers,
    exports: providers.map((provider) => (typeof provider === 'function' ? provider : provider.provide)),
  };
}

function asyncOptionsProviders(options: AuthModuleAsyncOptions, apiBasePath: string): Provider[] {
  const finish = (runtime: AuthRuntimeOptions): AuthRuntimeOptions => {
    const checked = checkRuntimeOptions(runtime);
    const inFactory = checked.appInfo.apiBasePath;
    if (inFactory !== undefined && normalisePath(inFactory) !== apiBasePath) {
      throw new ConfigurationError(
        `AuthModule.forRootAsync: appInfo.apiBasePath is ${inFactory}, but the routes are at ${apiBasePath || '/'} already. ` +
          'Give apiBasePath beside useFactory, not in what it returns.',
      );
    }
    return { ...checked, appInfo: { ...checked.appInfo, apiBasePath: apiBasePath || '/' } };
  };
  const fromFactory = async (factory: AuthOptionsFactory) => {
    if (typeof factory?.createAuthOptions === 'function') return finish(await factory.createAuthOptions());
    throw new ConfigurationError(
      `AuthModule.forRootAsync: ${factory?.constructor?.name ?? String(factory)} has no method createAuthOptions. ` +
        'Write async createAuthOptions() { return { appInfo, core }; }.',
    );
  };

  if ('useFactory' in options && typeof options.useFactory === 'function') {
    const useFactory = options.useFactory as (
      ...dependencies: unknown[]
    ) => AuthRuntimeOptions | Promise<AuthRuntimeOptions>;
    return [
      {
        provide: AUTH_OPTIONS,
        inject: options.inject ?? [],
        useFactory: async (...dependencies: unknown[]) => finish(await useFactory(...dependencies)),
      },
    ];
  }
  if ('useClass' in options && options.useClass !== undefined) {
    const { useClass } = options;
    checkConstructor(useClass, 'AuthModule.forRootAsync useClass');
    return [useClass, { provide: AUTH_OPTIONS, inject: [useClass], useFactory: fromFactory }];
  }
  if ('useExisting' in options && options.useExisting !== undefined) {
    return [{ provide: AUTH_OPTIONS, inject: [options.useExisting], useFactory: fromFactory }];
  }
  throw new ConfigurationError(
    'AuthModule.forRootAsync: nothing gives the options. Give useFactory, useClass or useExisting.',
  );
}
