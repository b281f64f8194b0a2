export type { DashboardSignInResult } from '../../core/dashboard.core.js';
export {
  type AssetGETInput,
  type DashboardAPIOptions,
  type DashboardApiInput,
  type DashboardOpenInput,
  type DashboardSignInPOSTInput,
  type ValidateKeyPOSTResponse,
} from './dashboard-access.api.js';
export type { DashboardActor, DashboardActorName } from './dashboard-actor.js';
export type { DashboardAsset } from './dashboard-assets.js';
export { DashboardRefusedError } from './dashboard-refused.error.js';
export {
  type DashboardTenantInput,
  type DashboardUserInput,
  type UserDELETEInput,
  type UserGETResponse,
  type UsersGETInput,
  type UsersGETResponse,
} from './dashboard-users.api.js';
export { DashboardApi } from './dashboard.api.js';
export {
  DashboardFunctions,
  type DashboardSignInInput,
  type DashboardSignOutInput,
  type GetActorInput,
  type GetDashboardBundleLocationInput,
  type ShouldAllowAccessInput,
} from './dashboard.functions.js';
export type { DashboardConfig, DashboardOptions } from './dashboard.options.js';
export { DashboardRecipe } from './dashboard.recipe.js';
export type { NamedUser } from './user-names.js';
