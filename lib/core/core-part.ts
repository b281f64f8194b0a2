import type { Port } from './core.js';
import type { EngineOptionTable } from './engine-options.js';

/**
 * What a recipe adds to a core: a port, and how the core in this process and one elsewhere implement it. It knows neither
 * Nest nor HTTP.
 */
export interface CorePart<T extends object = object> {
  /** That of the recipe. Migrations are recorded under it. */
  id: string;
  /** By which the recipe's functions ask for it. */
  port: Port<T>;
  /** Numbers by which it works, given in `core: { … }` and in the settings of the core service. */
  options?: EngineOptionTable;
}
