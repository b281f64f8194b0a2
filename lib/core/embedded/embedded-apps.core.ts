import { type App, AppsCore } from '../apps.core.js';
import { BadInputError } from '../auth.error.js';
import { PUBLIC_APP_ID } from '../core.js';
import type { JsonObject } from '../json.types.js';
import { mergeAtRoot, toJsonText } from '../json.js';
import { type AppRow, AppsStorage } from './storage/apps.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

/** What fits into a path segment, a file name and, with a prefix, the name of a schema. */
const APP_ID = /^[a-z0-9-]{1,36}$/;

export class EmbeddedAppsCore extends AppsCore {
  private readonly storage: AppsStorage;

  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly clock: () => number,
  ) {
    super();
    this.storage = new AppsStorage(database);
  }

  async createOrUpdateApp(input: {
    appId: string;
    coreConfig?: JsonObject;
  }): Promise<{ status: 'OK'; createdNew: boolean }> {
    const { appId, coreConfig = {} } = input;
    if (appId === PUBLIC_APP_ID) throw new BadInputError('The public app always exists and is configured by its owner');
    if (!isAppId(appId)) throw new BadInputError('appId must be 1 to 36 lower-case letters, digits and hyphens');
    const update = JSON.parse(toJsonText(coreConfig, 'coreConfig')) as JsonObject;

    return this.database.transaction(
      async () => {
        const core_config = JSON.stringify(mergeAtRoot({}, update));
        const createdNew = await this.storage.insert({ app_id: appId, core_config, created_at_ms: this.clock() });
        if (createdNew) return { status: 'OK', createdNew };
        const row = await this.storage.lock(appId);
        const stored = JSON.parse(row?.core_config ?? '{}') as JsonObject;
        await this.storage.setConfig(appId, JSON.stringify(mergeAtRoot(stored, update)));
        return { status: 'OK', createdNew };
      },
      { repeatable: true },
    );
  }

  async getApp(appId: string): Promise<App | undefined> {
    const row = isAppId(appId) ? await this.storage.find(appId) : undefined;
    return row === undefined ? undefined : toApp(row);
  }

  async listApps(): Promise<App[]> {
    return (await this.storage.list()).map(toApp);
  }

  async removeApp(appId: string): Promise<{ status: 'OK'; didExist: boolean }> {
    return { status: 'OK', didExist: isAppId(appId) && (await this.storage.delete(appId)) };
  }
}

function isAppId(appId: unknown): appId is string {
  return typeof appId === 'string' && APP_ID.test(appId);
}

function toApp(row: AppRow): App {
  return {
    appId: row.app_id,
    coreConfig: JSON.parse(row.core_config) as JsonObject,
    createdAtMs: row.created_at_ms,
  };
}
