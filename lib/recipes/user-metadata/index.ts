export {
  UserMetadataFunctions,
  type UpdateUserMetadataInput,
  type UserMetadataInput,
  type UserMetadataResult,
} from './user-metadata.functions.js';
export type { UserMetadataConfig, UserMetadataOptions } from './user-metadata.options.js';
export { UserMetadataApi, UserMetadataRecipe } from './user-metadata.recipe.js';
// As a whole: only so can applications add to `UserMetadata`.
export type * from './user-metadata.types.js';
