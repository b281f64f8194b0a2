import { Inject, Injectable } from '@nestjs/common';
import type { JsonObject } from '../../core/json.types.js';
import { UserMetadataCore } from '../../core/user-metadata.core.js';
import type { User } from '../../core/users.core.js';
import type { UserContext } from '../../http/user-context.js';
import { UserMetadataFunctions } from '../user-metadata/index.js';
import { OtherRecipes } from './other-recipes.js';

/** A user with its name, as the dashboard shows it. */
export type NamedUser = User & { firstName?: string; lastName?: string };

const AT_ONCE = 10;

/** The names of users are members of their metadata. */
@Injectable()
export class UserNames {
  @Inject(OtherRecipes) private readonly recipes!: OtherRecipes;
  @Inject(UserMetadataCore) private readonly metadataCore!: UserMetadataCore;

  /** For a list: without the recipe, users have no names. */
  async named(users: User[], userContext: UserContext): Promise<NamedUser[]> {
    const functions = this.recipes.userMetadata;
    if (functions === undefined || users.length === 0) return users;
    const metadata = await this.metadataOf(functions, users, userContext);
    return users.map((user) => ({ ...user, ...namesIn(metadata.get(user.id) ?? {}) }));
  }

  /** In one statement, unless an override has to be asked about each user. */
  private async metadataOf(
    functions: UserMetadataFunctions,
    users: User[],
    userContext: UserContext,
  ): Promise<ReadonlyMap<string, JsonObject>> {
    if (functions.getUserMetadata === UserMetadataFunctions.prototype.getUserMetadata) {
      return this.metadataCore.getOfUsers(users.map(({ id }) => id));
    }
    const found = new Map<string, JsonObject>();
    for (let at = 0; at < users.length; at += AT_ONCE) {
      const some = users.slice(at, at + AT_ONCE).map(async ({ id: userId }) => {
        const { metadata } = await functions.getUserMetadata({ userId, userContext });
        found.set(userId, metadata as JsonObject);
      });
      await Promise.all(some);
    }
    return found;
  }

  /** For the page of one user. */
  async namesOf(user: User, userContext: UserContext): Promise<{ firstName: string; lastName: string }> {
    const functions = this.recipes.userMetadata;
    if (functions === undefined) return { firstName: 'FEATURE_NOT_ENABLED', lastName: 'FEATURE_NOT_ENABLED' };
    const { metadata } = await functions.getUserMetadata({ userId: user.id, userContext });
    return { firstName: '', lastName: '', ...namesIn(metadata as JsonObject) };
  }
}

function namesIn({ first_name, last_name }: JsonObject): { firstName?: string; lastName?: string } {
  return {
    ...(typeof first_name === 'string' ? { firstName: first_name } : {}),
    ...(typeof last_name === 'string' ? { lastName: last_name } : {}),
  };
}
