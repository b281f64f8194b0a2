import { Injectable } from '@nestjs/common';
import { UserMetadataCore } from '../../core/user-metadata.core.js';
import { builtInRecipe } from '../define-recipe.js';
import { UserMetadataFunctions } from './user-metadata.functions.js';
import { normaliseUserMetadataOptions, USER_METADATA_CONFIG } from './user-metadata.options.js';

declare module '../recipe.js' {
  interface RecipeIds {
    usermetadata: true;
  }
}

/** The recipe has no routes. */
@Injectable()
export class UserMetadataApi {}

/** What the application notes about users, as JSON. */
export const UserMetadataRecipe = builtInRecipe({
  id: 'usermetadata',
  name: 'UserMetadataRecipe',
  api: UserMetadataApi,
  functions: UserMetadataFunctions,
  routes: {},
  config: USER_METADATA_CONFIG,
  normalise: normaliseUserMetadataOptions,
  ports: [UserMetadataCore],
});
