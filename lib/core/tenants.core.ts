/** What is answered where another login method of the recipe has the same name in the tenant. */
export type TakenStatus = `${string}_ALREADY_EXISTS_ERROR`;

/** `OK`, or what stands against a login method in a tenant. */
export type AddLoginMethodToTenantResult =
  | { status: 'OK'; wasAlreadyAssociated: boolean }
  | { status: 'UNKNOWN_USER_ID_ERROR' }
  /** `EMAIL_ALREADY_EXISTS_ERROR`, `PHONE_NUMBER_…`, `THIRD_PARTY_USER_…`, or what a recipe from elsewhere calls it. */
  | { status: TakenStatus };

/** Tenants of this app. `public` always exists. */
export abstract class TenantsCore {
  abstract tenantExists(tenantId: string): Promise<boolean>;
  /** @returns `createdNew: false` when it was there already */
  abstract createTenant(tenantId: string): Promise<{ status: 'OK'; createdNew: boolean }>;
  abstract listTenants(): Promise<string[]>;

  /**
   * Deletes the tenant with the memberships of login methods in it, their sessions and tokens there. Users stay,
   * also those who are in no tenant then. Another process may take the tenant for existing some seconds longer.
   * @throws {BadInputError} it is `public`
   */
  abstract deleteTenant(tenantId: string): Promise<{ status: 'OK'; didExist: boolean }>;

  /**
   * Lets a login method sign in to one more tenant, unless another one of its kind holds its name there.
   * @throws {UnknownTenantError}
   */
  abstract addLoginMethodToTenant(input: {
    tenantId: string;
    recipeUserId: string;
  }): Promise<AddLoginMethodToTenantResult>;

  /**
   * Takes a login method out of a tenant, with its sessions and tokens there. It stays where it was in no other.
   * @throws {UnknownTenantError}
   */
  abstract removeLoginMethodFromTenant(input: {
    tenantId: string;
    recipeUserId: string;
  }): Promise<{ status: 'OK'; wasAssociated: boolean }>;
}
