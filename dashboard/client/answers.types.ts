/** What the API answers, as far as the page reads it. Times are milliseconds since the Unix epoch. */
export interface LoginMethod {
  recipeId: string;
  recipeUserId: string;
  tenantIds: string[];
  timeJoined: number;
  verified: boolean;
  email?: string;
  phoneNumber?: string;
  thirdParty?: { id: string; userId: string };
}

export interface User {
  id: string;
  tenantIds: string[];
  timeJoined: number;
  emails: string[];
  phoneNumbers: string[];
  thirdParty: { id: string; userId: string }[];
  loginMethods: LoginMethod[];
  /** `FEATURE_NOT_ENABLED` where the application keeps no metadata. */
  firstName?: string;
  lastName?: string;
}

export interface UserPage {
  users: User[];
  nextPaginationToken?: string;
}

export interface SessionInformation {
  sessionHandle: string;
  tenantId: string;
  timeCreated: number;
  expiry: number;
  sessionDataInDatabase?: unknown;
}

export interface TenantSummary {
  tenantId: string;
  firstFactors?: string[];
}

export interface CoreConfigField {
  key: string;
  value: string | number | boolean | null;
  description?: string;
}

export interface Tenant extends TenantSummary {
  thirdParty: { providers: { thirdPartyId: string; name?: string }[] };
  requiredSecondaryFactors?: string[];
  coreConfig: CoreConfigField[];
  userCount: number;
}

export interface ProviderClient {
  clientId: string;
  clientSecret?: string;
  clientType?: string;
  scope?: string[];
  [further: string]: unknown;
}

export interface ProviderConfig {
  thirdPartyId: string;
  name?: string;
  clients?: ProviderClient[];
  [further: string]: unknown;
}
