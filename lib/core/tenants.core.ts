/** Tenants of this app. `public` always exists. */
export abstract class TenantsCore {
  abstract tenantExists(tenantId: string): Promise<boolean>;
  /** @returns `createdNew: false` when it was there already */
  abstract createTenant(tenantId: string): Promise<{ status: 'OK'; createdNew: boolean }>;
  abstract listTenants(): Promise<string[]>;
}
