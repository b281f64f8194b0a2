import { ForbiddenException, Logger } from '@nestjs/common';
import { AppsCore } from '../../lib/core/apps.core.js';
import { checkCoreParts, engineOptionTable } from '../../lib/core/parts/core-parts.js';
import { type Core, PUBLIC_APP_ID } from '../../lib/core/core.js';
import { Argon2PasswordHasher } from '../../lib/core/embedded/argon2-password-hasher.js';
import { BoundedPasswordHasher } from '../../lib/core/embedded/bounded-password-hasher.js';
import { hashingLimits } from '../../lib/core/embedded/hashing-limits.js';
import { createEmbeddedCore } from '../../lib/core/parts/embedded-core.js';
import type { EmbeddedDatabaseOptions } from '../../lib/core/embedded/storage/database.options.js';
import { removeAppStorage } from '../../lib/core/embedded/storage/remove-app-storage.js';
import { type EngineOptions, hashingOptions, resolveEngineOptions } from '../../lib/core/engine-options.js';
import type { JsonObject } from '../../lib/core/json.types.js';
import { logLine } from '../../lib/core/log-line.js';
import type { PasswordHasher } from '../../lib/core/password-hasher.js';
import { resolvePasswordHashing } from '../../lib/core/password-hashing.options.js';
import type { CoreServiceOptions } from '../core-service.options.js';
import { ApiKeys } from './api-keys.js';
import { AppDatabases } from './app-databases.js';
import { App } from './app.js';
import { apiKeysOf, CoreConfigs } from './core-config.js';
import { OpenApps } from './open-apps.js';

/** How many apps are open at a time, unless the options say otherwise. */
export const DEFAULT_OPEN_APPS = 100;

/** The apps that are served: each has a core of its own, opened when the first request asks for it. */
export class Apps {
  private readonly logger = new Logger('Apps');
  private readonly opened: OpenApps;
  private closing: Promise<void> | undefined;
  /** Apps are made and removed one after the other: a removal must not take away what was just made. */
  private lastChange: Promise<unknown> = Promise.resolve();
  readonly main: App;
  readonly coreConfigs: CoreConfigs;

  private constructor(
    private readonly options: CoreServiceOptions,
    private readonly databases: AppDatabases,
    private readonly hasher: PasswordHasher,
    mainCore: Core,
  ) {
    this.coreConfigs = new CoreConfigs(engineOptionTable(options.parts));
    const { openApps = DEFAULT_OPEN_APPS } = options;
    this.opened = new OpenApps(openApps, (appId, coreConfig) => this.openApp(appId, coreConfig));
    this.main = new App(PUBLIC_APP_ID, mainCore, new ApiKeys(options.apiKeys ?? []), {}, options.engine);
  }

  static async open(options: CoreServiceOptions): Promise<Apps> {
    checkCoreParts(options.parts ?? []);
    const databases = await AppDatabases.open(options.database);
    try {
      const hasher = hasherOf(options);
      const main = await openCore(databases.main, options.engine ?? {}, options, hasher);
      return new Apps(options, databases, hasher, main);
    } catch (error) {
      await databases.close();
      throw error;
    }
  }

  /**
   * The app stays open until the caller leaves it.
   * @param admit refuses by throwing, by the keys of the app, or of the service where there is no such app: nothing is opened then
   * @returns undefined where no app of that id is registered
   */
  async enter(appId: string, admit: (keys: ApiKeys) => Promise<void> = everybody): Promise<App | undefined> {
    if (appId === PUBLIC_APP_ID) {
      await admit(this.main.apiKeys);
      this.main.enter();
      return this.main;
    }
    if (this.opened.isCurrent(appId)) return this.enterOpened(appId, admit);
    const registered = await this.main.core.port(AppsCore).getApp(appId);
    if (registered === undefined) await this.opened.retire(appId);
    await admit((registered && apiKeysOf(registered.coreConfig)) ?? this.main.apiKeys);
    return registered && this.opened.enter(appId, registered.coreConfig);
  }

  /** @returns undefined where no app of that id is registered */
  async use<T>(appId: string, work: (app: App) => Promise<T>): Promise<T | undefined> {
    const app = await this.enter(appId);
    try {
      return app && (await work(app));
    } finally {
      app?.leave();
    }
  }

  /**
   * Makes an app, or changes its configuration, which is that of its public tenant.
   * @throws {BadInputError} a configuration that cannot be
   */
  async createOrUpdate(appId: string, coreConfig: JsonObject = {}): Promise<{ status: 'OK'; createdNew: boolean }> {
    if (appId === PUBLIC_APP_ID) return configurePublicApp(coreConfig);
    this.coreConfigs.assertPossible(coreConfig, 'app');
    const register = this.main.core.port(AppsCore);
    const known = await register.getApp(appId);
    const merged = merge(known?.coreConfig ?? {}, coreConfig);
    this.coreConfigs.engineOptions(merged, this.options.engine ?? {});
    const ignored = this.coreConfigs.ignoredKeys(merged);
    if (ignored.length > 0)
      this.logger.warn(logLine(`App ${appId} is configured with keys without effect: ${ignored.join(', ')}`));

    return this.oneAfterTheOther(async () => {
      const result = await register.createOrUpdateApp({ appId, coreConfig });
      this.opened.expire(appId);
      return result;
    });
  }

  /** The ids of all apps, that of the public one first. */
  async list(): Promise<string[]> {
    const apps = await this.main.core.port(AppsCore).listApps();
    return [PUBLIC_APP_ID, ...apps.map(({ appId }) => appId)];
  }

  /** Removes the app with everything in it. */
  async remove(appId: string): Promise<{ status: 'OK'; didExist: boolean }> {
    return this.oneAfterTheOther(async () => {
      const result = await this.main.core.port(AppsCore).removeApp(appId);
      await this.opened.retire(appId);
      if (result.didExist) await removeAppStorage(await this.databases.of(appId));
      return result;
    });
  }

  async close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async enterOpened(appId: string, admit: (keys: ApiKeys) => Promise<void>): Promise<App> {
    const app = await this.opened.enter(appId);
    try {
      await admit(app.apiKeys);
      return app;
    } catch (error) {
      app.leave();
      throw error;
    }
  }

  private async openApp(appId: string, coreConfig: JsonObject): Promise<App> {
    const engine = this.coreConfigs.engineOptions(coreConfig, this.options.engine ?? {});
    const core = await openCore(await this.databases.of(appId), engine, this.options, this.hasher, true);
    return new App(appId, core, apiKeysOf(coreConfig) ?? this.main.apiKeys, coreConfig, engine);
  }

  private async oneAfterTheOther<T>(change: () => Promise<T>): Promise<T> {
    const done = this.lastChange.then(change);
    this.lastChange = done.catch(() => {});
    return done;
  }

  private async closeAll(): Promise<void> {
    await this.opened.close();
    await this.main.retire();
    await this.databases.close();
  }
}

async function everybody(): Promise<void> {}

function configurePublicApp(coreConfig: JsonObject): { status: 'OK'; createdNew: boolean } {
  if (Object.keys(coreConfig).length === 0) return { status: 'OK', createdNew: false };
  throw new ForbiddenException('The public app is configured where the service is started');
}

async function openCore(
  database: EmbeddedDatabaseOptions,
  engine: EngineOptions,
  { clock, parts }: CoreServiceOptions,
  passwordHasher: PasswordHasher,
  closesWhenIdle = false,
): Promise<Core> {
  const driversDecide = true;
  return createEmbeddedCore(
    { ...engine, ...database },
    { passwordHasher, driversDecide, closesWhenIdle, parts, ...(clock === undefined ? {} : { clock }) },
  );
}

/** One line for all apps. */
function hasherOf({ passwordHasher, engine = {} }: CoreServiceOptions): PasswordHasher {
  const { passwordHashing, firebasePasswordHashing } = engine;
  const { concurrentPasswordHashes, waitingPasswordHashes } = resolveEngineOptions(engine, hashingOptions);
  return BoundedPasswordHasher.around(
    passwordHasher ?? new Argon2PasswordHasher(resolvePasswordHashing(passwordHashing), firebasePasswordHashing),
    hashingLimits(concurrentPasswordHashes, waitingPasswordHashes),
  );
}

function merge(before: JsonObject, update: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...before, ...update }).filter(([, value]) => value !== null));
}
