import type { JsonObject } from './json.types.js';

export interface App {
  appId: string;
  /** As it was given; the core only keeps it. */
  coreConfig: JsonObject;
  /** Milliseconds since the Unix epoch. */
  createdAtMs: number;
}

/** The register of apps, which the public app keeps. Each app has its data in a storage of its own. */
export abstract class AppsCore {
  /**
   * @param input.coreConfig merged at the root with what is there; `null` removes
   * @throws {BadInputError} the id is not 1 to 36 lower-case letters, digits and hyphens, or it is `public`
   */
  abstract createOrUpdateApp(input: {
    appId: string;
    coreConfig?: JsonObject;
  }): Promise<{ status: 'OK'; createdNew: boolean }>;

  abstract getApp(appId: string): Promise<App | undefined>;

  /** Oldest first; without the public app, which is not registered. */
  abstract listApps(): Promise<App[]>;

  /** Takes the app off the register; its data is removed by `removeAppStorage`. */
  abstract removeApp(appId: string): Promise<{ status: 'OK'; didExist: boolean }>;
}
