import { BadInputError } from './auth.error.js';
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
   * @param limits.maxBytes how large the whole may become, as JSON. Default: no limit
   * @throws {BadInputError} `update` is not a JSON object, or the whole would be too large
   */
  abstract update(userId: string, update: JsonObject, limits?: { maxBytes: number }): Promise<JsonObject>;

  abstract clear(userId: string): Promise<{ status: 'OK' }>;
}

/** @throws {BadInputError} it has more bytes than allowed */
export function assertMetadataFits(metadata: JsonObject, limits: { maxBytes: number } | undefined): void {
  if (limits === undefined) return;
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  if (bytes <= limits.maxBytes) return;
  throw new BadInputError(
    `The metadata of the user would have ${bytes} bytes, more than the ${limits.maxBytes} allowed`,
  );
}
