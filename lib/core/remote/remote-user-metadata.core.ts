import { mergeAtRoot, toJsonText } from '../json.js';
import type { JsonObject } from '../json.types.js';
import { assertMetadataFits, UserMetadataCore } from '../user-metadata.core.js';
import { jsonObject, ok } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { canBeLookedUp } from './core-path.js';

const PATH = '/recipe/user/metadata';

const kept = ok.extend({ metadata: jsonObject });

export class RemoteUserMetadataCore extends UserMetadataCore {
  constructor(private readonly client: CoreClient) {
    super();
  }

  async get(userId: string): Promise<JsonObject> {
    if (!canBeLookedUp(userId)) return {};
    return (await this.client.call({ method: 'GET', path: PATH, query: { userId }, answer: kept })).metadata;
  }

  async update(userId: string, update: JsonObject, limits?: { maxBytes: number }): Promise<JsonObject> {
    toJsonText(update, 'metadataUpdate');
    // The wire knows no limit: what another process writes meanwhile is not counted.
    if (limits !== undefined) assertMetadataFits(mergeAtRoot(await this.get(userId), update), limits);
    const body = { userId, metadataUpdate: update };
    return (await this.client.call({ method: 'PUT', path: PATH, body, answer: kept })).metadata;
  }

  async clear(userId: string): Promise<{ status: 'OK' }> {
    const path = `${PATH}/remove`;
    return this.client.call({ method: 'POST', path, body: { userId }, isRepeatable: true, answer: ok });
  }
}
