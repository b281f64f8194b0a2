export type { AuditEntry, AuditListInput, AuditPage, NewAuditEntry } from '../../core/audit.core.js';
export type { OverriddenMethod } from '../../override/overridden-methods.js';
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
export type { AuditGETInput, AuditGETResponse, OverridesGETResponse } from './dashboard-operations.api.js';
export { DashboardRefusedError } from './dashboard-refused.error.js';
export type {
  DashboardPermissionsInput,
  DashboardRoleInput,
  DashboardUnknownRole,
  DashboardUserRoleInput,
  UserRolesGETInput,
} from './dashboard-roles.api.js';
export type {
  EmailPasswordUserPOSTInput,
  EmailPasswordUserPOSTResponse,
  UserPUTInput,
  UserPUTResponse,
} from './dashboard-user-changes.api.js';
export type {
  DashboardLoginMethodInput,
  FeatureNotEnabled,
  UserEmailVerifyPUTInput,
  UserMetadataPUTInput,
  UserPasswordPUTInput,
  UserPasswordPUTResponse,
  UserSessionsPOSTInput,
} from './dashboard-user-details.api.js';
export type {
  DashboardFactorInput,
  DashboardProviderInput,
  DashboardUnknownTenant,
  ListedTenant,
  ShownTenant,
  TenantCoreConfigPUTInput,
  ThirdPartyConfigPUTInput,
} from './dashboard-tenants.api.js';
export {
  type DashboardTenantInput,
  type DashboardUserInput,
  type UserDELETEInput,
  type UserGETResponse,
  type UsersGETInput,
  type UsersGETResponse,
} from './dashboard-users.api.js';
export { DashboardApi } from './dashboard.api.js';
export { DashboardFunctions } from './dashboard.functions.js';
export type {
  DashboardContextInput,
  DashboardHealth,
  DashboardSignInInput,
  DashboardSignOutInput,
  GetActorInput,
  GetAuditEntriesInput,
  GetDashboardBundleLocationInput,
  RecordAuditEntryInput,
  ShouldAllowAccessInput,
} from './dashboard.functions.types.js';
export type { DashboardConfig, DashboardOptions } from './dashboard.options.js';
export { DashboardRecipe } from './dashboard.recipe.js';
export type { NamedUser } from './user-names.js';
