import type { JsonObject } from './json.types.js';

/** What an application notes about users. Ids need not be of users of this core; with one that is, it is deleted. */
export abstract class UserMetadataCore {
  /** @returns `{}` where nothing is stored */
  abstract get(userId: string): Promise<JsonObject>;

  /**
   * Merges at the root: members of `update` replace those stored, `null` removes. Updates at once all take effect.
   * @returns the whole as it is stored then
   * @throws {BadInputError} `update` is not a JSON object
   */
  abstract update(userId: string, update: JsonObject): Promise<JsonObject>;

  abstract clear(userId: string): Promise<{ status: 'OK' }>;
}
