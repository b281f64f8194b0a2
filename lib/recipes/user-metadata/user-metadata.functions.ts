import { Inject, Injectable } from '@nestjs/common';
import { BadInputError } from '../../core/auth.error.js';
import type { JsonObject } from '../../core/json.types.js';
import { UserMetadataCore } from '../../core/user-metadata.core.js';
import { checkedUserId } from '../../core/users.core.js';
import type { UserContext } from '../../http/user-context.js';
import { USER_METADATA_CONFIG, type UserMetadataConfig } from './user-metadata.options.js';
import type { StoredUserMetadata, UserMetadataUpdate } from './user-metadata.types.js';

/** Whose metadata a function is about. */
export interface UserMetadataInput {
  /** Need not be of a user whom Latchkey knows; with one that is deleted, the metadata goes. */
  userId: string;
  userContext?: UserContext;
}

/** The input of `UserMetadataFunctions.updateUserMetadata`. */
export interface UpdateUserMetadataInput extends UserMetadataInput {
  /** Members to set, each as a whole; null removes one. */
  metadataUpdate: UserMetadataUpdate;
}

/** What is noted about a user. */
export interface UserMetadataResult {
  status: 'OK';
  /** `{}` where there is nothing. */
  metadata: StoredUserMetadata;
}

/** What the UserMetadata recipe can do, without a request. Override any of it by a subclass. */
@Injectable()
export class UserMetadataFunctions {
  @Inject(UserMetadataCore) protected readonly userMetadataCore!: UserMetadataCore;
  @Inject(USER_METADATA_CONFIG) protected readonly userMetadataConfig!: UserMetadataConfig;

  /** What is noted about the user. */
  async getUserMetadata({ userId }: UserMetadataInput): Promise<UserMetadataResult> {
    return { status: 'OK', metadata: await this.userMetadataCore.get(checkedUserId(userId)) };
  }

  /**
   * Merges at the root: what the update does not name stays. Updates at once all take effect.
   * @returns the whole as it is stored then
   * @throws {BadInputError} the update is no JSON object, has a member `__proto__`, or makes the whole too large; nothing is changed
   */
  async updateUserMetadata({ userId, metadataUpdate }: UpdateUserMetadataInput): Promise<UserMetadataResult> {
    assertNoPrototype(metadataUpdate);
    const { maxMetadataBytes: maxBytes } = this.userMetadataConfig;
    const update = metadataUpdate as JsonObject;
    return { status: 'OK', metadata: await this.userMetadataCore.update(checkedUserId(userId), update, { maxBytes }) };
  }

  /** Forgets all that is noted about the user. */
  async clearUserMetadata({ userId }: UserMetadataInput): Promise<{ status: 'OK' }> {
    return this.userMetadataCore.clear(checkedUserId(userId));
  }
}

/** The core refuses what is nested deeper, circles included. */
const MAX_DEPTH = 100;

/** Code that merges it into an object of its own would take such a member for the prototype. */
function assertNoPrototype(value: unknown, depthLeft = MAX_DEPTH): void {
  if (typeof value !== 'object' || value === null || depthLeft < 0) return;
  if (Object.hasOwn(value, '__proto__')) throw new BadInputError('metadataUpdate must not have a member __proto__');
  for (const member of Object.values(value)) assertNoPrototype(member, depthLeft - 1);
}
