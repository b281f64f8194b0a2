import { BadInputError, UnknownTenantError } from '../auth.error.js';
import { PUBLIC_TENANT_ID } from '../core.js';
import { FirstFactors } from '../first-factors.js';
import type { TenantConfig } from '../tenant-config.core.js';
import { type AddLoginMethodToTenantResult, type TakenStatus, TenantsCore } from '../tenants.core.js';
import type { OwnsTenantData } from './engine-part.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { LoginMethodsStorage } from './storage/login-methods.storage.js';
import { TenantConfigStorage } from './storage/tenant-config.storage.js';
import { TenantsStorage } from './storage/tenants.storage.js';

/** What fits into a path segment and a session handle. */
const TENANT_ID = /^[a-zA-Z0-9-]{1,64}$/;
/** How long a tenant that another process has deleted may still be taken for existing here. */
const KNOWN_FOR_MS = 5000;

interface EmbeddedTenantsDependencies {
  database: SqlAuthDatabase;
  clock: () => number;
  /**
   * Whether drivers choose the ways in of a tenant whose list of first factors is empty, as the wire has it: a tenant is
   * made with an empty list there, and drivers sign its users up by their own functions, which look at no list.
   */
  driversDecide: boolean;
  /** Asked for late: they are made after this one. */
  tenantDataOwners: () => OwnsTenantData[];
  /** What the recipe of a login method calls it that another one has its name. */
  takenStatusOf: (recipeId: string) => TakenStatus | undefined;
}

export class EmbeddedTenantsCore extends TenantsCore {
  private readonly storage: TenantsStorage;
  private readonly loginMethods: LoginMethodsStorage;
  /** When each was last seen. Tenants are asked about with every request and hardly ever deleted. */
  private readonly seenAtMs = new Map<string, number>();
  private readonly firstFactors: FirstFactors;

  constructor(private readonly engine: EmbeddedTenantsDependencies) {
    super();
    this.storage = new TenantsStorage(engine.database);
    this.loginMethods = new LoginMethodsStorage(engine.database);
    const { database, clock, driversDecide } = engine;
    const configs = new TenantConfigStorage(database);
    this.firstFactors = new FirstFactors({
      clock,
      inTransaction: () => database.inTransaction,
      async read(tenantId) {
        const { firstFactors } = JSON.parse((await configs.find(tenantId)) ?? '{}') as Partial<TenantConfig>;
        return driversDecide && firstFactors?.length === 0 ? undefined : firstFactors;
      },
    });
  }

  async tenantExists(tenantId: string): Promise<boolean> {
    if (tenantId === PUBLIC_TENANT_ID || this.wasSeen(tenantId)) return true;
    if (!TENANT_ID.test(tenantId)) return false;
    const seenAtMs = this.engine.clock();
    if (!(await this.storage.exists(tenantId))) return false;
    await this.remember(tenantId, seenAtMs);
    return true;
  }

  async createTenant(tenantId: string): Promise<{ status: 'OK'; createdNew: boolean }> {
    if (!TENANT_ID.test(tenantId)) {
      throw new BadInputError('tenantId must be 1 to 64 letters, digits and hyphens');
    }
    const createdNew = await this.storage.insert(tenantId);
    await this.remember(tenantId, this.engine.clock());
    return { status: 'OK', createdNew };
  }

  async listTenants(): Promise<string[]> {
    return this.storage.list();
  }

  async deleteTenant(tenantId: string): Promise<{ status: 'OK'; didExist: boolean }> {
    if (tenantId === PUBLIC_TENANT_ID) throw new BadInputError('Cannot delete public tenant');
    const { database, tenantDataOwners } = this.engine;
    return database.transaction(
      async () => {
        // First: a transaction that adds members to the tenant, or anything else of it, holds this row.
        const didExist = await this.storage.delete(tenantId);
        await this.storage.deleteMembers(tenantId);
        for (const owner of tenantDataOwners()) await owner.deleteTenantData({ tenantId });
        // Before the commit, so that nobody takes it for known after it; and after it, if somebody looked meanwhile.
        this.seenAtMs.delete(tenantId);
        await database.afterCommit(() => void this.seenAtMs.delete(tenantId));
        return { status: 'OK', didExist };
      },
      { repeatable: true },
    );
  }

  async addLoginMethodToTenant(input: {
    tenantId: string;
    recipeUserId: string;
  }): Promise<AddLoginMethodToTenantResult> {
    const { tenantId, recipeUserId } = input;
    await this.assertExists(tenantId);
    return this.engine.database.transaction(
      async () => {
        const method = await this.loginMethods.lock(recipeUserId);
        if (method === undefined) return { status: 'UNKNOWN_USER_ID_ERROR' };
        const added = await this.loginMethods.addToTenant(method, tenantId);
        if (added === 'TAKEN') {
          return { status: this.engine.takenStatusOf(method.recipe_id) ?? 'ACCOUNT_KEY_ALREADY_EXISTS_ERROR' };
        }
        return { status: 'OK', wasAlreadyAssociated: added === 'MEMBER' };
      },
      { repeatable: true },
    );
  }

  async removeLoginMethodFromTenant(input: {
    tenantId: string;
    recipeUserId: string;
  }): Promise<{ status: 'OK'; wasAssociated: boolean }> {
    const { tenantId } = input;
    const { database, tenantDataOwners } = this.engine;
    await this.assertExists(tenantId);
    return database.transaction(
      async () => {
        const method = await this.loginMethods.lock(input.recipeUserId);
        if (method === undefined) return { status: 'OK', wasAssociated: false };
        const wasAssociated = await this.loginMethods.removeFromTenant(method, tenantId);
        for (const owner of tenantDataOwners()) {
          const { user_id: userId, recipe_user_id: recipeUserId } = method;
          await owner.deleteTenantData({ tenantId, userId, recipeUserId });
        }
        return { status: 'OK', wasAssociated };
      },
      { repeatable: true },
    );
  }

  /**
   * As `assertExists`, within a transaction, and until its end.
   * @throws {UnknownTenantError}
   */
  async hold(tenantId: string): Promise<void> {
    await this.assertExists(tenantId);
    await this.storage.hold([tenantId]);
  }

  /** @throws {UnknownTenantError} */
  async assertExists(tenantId: string): Promise<void> {
    if (!(await this.tenantExists(tenantId))) throw new UnknownTenantError(tenantId);
  }

  /**
   * For operations that sign somebody in, or lead to it: each declares its factor.
   * @throws {UnknownTenantError}
   * @throws {FactorNotAllowedError} the tenant's configuration leaves the factor out
   */
  async assertOffers(tenantId: string, factorId: string): Promise<void> {
    await this.assertExists(tenantId);
    await this.firstFactors.assertAllowed(tenantId, factorId);
  }

  /** Within the transaction that changes a tenant's configuration. */
  async forgetConfig(tenantId: string): Promise<void> {
    await this.engine.database.afterCommit(() => this.firstFactors.forget(tenantId));
  }

  private wasSeen(tenantId: string): boolean {
    const seenAtMs = this.seenAtMs.get(tenantId);
    // The distance, not the difference: a clock that was set back must not make it last.
    return seenAtMs !== undefined && Math.abs(this.engine.clock() - seenAtMs) < KNOWN_FOR_MS;
  }

  /** Not before the commit: a transaction that is rolled back takes its tenant with it. */
  private async remember(tenantId: string, seenAtMs: number): Promise<void> {
    await this.engine.database.afterCommit(() => {
      this.seenAtMs.set(tenantId, seenAtMs);
    });
  }
}
