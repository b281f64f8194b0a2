import type { JsonObject } from '../json.types.js';
import { assertMetadataFits, UserMetadataCore } from '../user-metadata.core.js';
import type { DeletedUser, OwnsUserData, RefersToUsers } from './engine-part.js';
import { mergeAtRoot, toJsonText } from '../json.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { UserMetadataStorage } from './storage/user-metadata.storage.js';

export class EmbeddedUserMetadataCore extends UserMetadataCore implements OwnsUserData, RefersToUsers {
  readonly refersToUsersAs = 'UserMetadata';
  private readonly storage: UserMetadataStorage;

  constructor(private readonly database: SqlAuthDatabase) {
    super();
    this.storage = new UserMetadataStorage(database);
  }

  async get(userId: string): Promise<JsonObject> {
    return JSON.parse((await this.storage.find(userId)) ?? '{}') as JsonObject;
  }

  override async getOfUsers(userIds: readonly string[]): Promise<Map<string, JsonObject>> {
    const stored = await this.storage.findMany(userIds);
    return new Map([...stored].map(([userId, metadata]) => [userId, JSON.parse(metadata) as JsonObject]));
  }

  async update(userId: string, update: JsonObject, limits?: { maxBytes: number }): Promise<JsonObject> {
    const updateText = toJsonText(update, 'metadataUpdate');
    // Before anybody waits for the row.
    assertMetadataFits(mergeAtRoot({}, update), limits);
    return this.database.transaction(
      async () => {
        const stored = JSON.parse(await this.storage.lock(userId)) as JsonObject;
        const metadata = mergeAtRoot(stored, JSON.parse(updateText) as JsonObject);
        assertMetadataFits(metadata, limits);
        await this.storage.replace(userId, JSON.stringify(metadata));
        return metadata;
      },
      { repeatable: true },
    );
  }

  async clear(userId: string): Promise<{ status: 'OK' }> {
    await this.storage.delete(userId);
    return { status: 'OK' };
  }

  async refersToUser(userId: string): Promise<boolean> {
    return ((await this.storage.find(userId)) ?? '{}') !== '{}';
  }

  async deleteUserData({ userId, recipeUserIds }: DeletedUser): Promise<void> {
    for (const id of new Set([userId, ...recipeUserIds])) await this.storage.delete(id);
  }
}
