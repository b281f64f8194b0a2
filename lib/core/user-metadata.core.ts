import type { JsonObject } from './json.types.js';

/** What an application notes about users. Ids need not be of users of this core; with one that is, it is deleted. */
export abstract class UserMetadataCore {
  /** @returns `{}` where nothing is stored */
  abstract get(userId: string): Promise<JsonObject>;

  /** @returns by user, as they are named here; without those of whom nothing is stored */
  async getOfUsers(userIds: readonly string[]): Promise<Map<string, JsonObject>> {
    const found = new Map<string, JsonObject>();
    for (const userId of userIds) {
      const metadata = await this.get(userId);
      if (Object.keys(metadata).length > 0) found.set(userId, metadata);
    }
    return found;
  }

  /**
   * Merges at the root: members of `update` replace those stored, `null` removes. Updates at once all take effect.
   * @returns the whole as it is stored then
   * @throws {BadInputError} `update` is not a JSON object
   */
  abstract update(userId: string, update: JsonObject): Promise<JsonObject>;

  abstract clear(userId: string): Promise<{ status: 'OK' }>;
}
