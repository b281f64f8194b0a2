import type { Port } from '../core.js';
import type { Migrations } from '../embedded/storage/migration.js';
import type { EngineOptionTable } from '../engine-options.js';
import type { Engine, RemoteEngine } from './engine.js';
import type { TakenStatus } from '../tenants.core.js';

/**
 * What a recipe adds to the core: a port, and how the core in this process and one elsewhere implement it. It knows neither
 * Nest nor HTTP.
 *
 * What `embedded` makes may have further methods, which the core finds by their names: `deleteUserData` (`OwnsUserData`),
 * `deleteTenantData` (`OwnsTenantData`), `refersToUser` (`RefersToUsers`) and `housekeep` (`NeedsHousekeeping`).
 */
export interface CorePart<T extends object = object> {
  /** That of the recipe. Its migrations are recorded under it, so it never changes. */
  id: string;
  /** By which the recipe's functions ask for it. */
  port: Port<T>;
  /** The core in this process. Called once for each database, when its tables are up to date. */
  embedded(engine: Engine): T | Promise<T>;
  /** A core in another process. @default a recipe with this part does not start with such a core */
  remote?(engine: RemoteEngine): T | Promise<T>;
  /** Numbers by which it works, given in `core: { … }` and in the settings of the core service. @default none */
  options?: EngineOptionTable;
  /** The history of its tables, by names such as `0001-initial`. @default none */
  migrations?: Migrations;
  /** Given where the part signs users in: its login methods bear its id. */
  loginMethod?: {
    /** What adding one to a tenant answers where another user has its account key there. */
    takenStatus: TakenStatus;
  };
}
