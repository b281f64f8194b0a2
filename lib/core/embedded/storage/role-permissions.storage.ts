import type { SqlAuthDatabase } from './sql-auth-database.js';

declare module './tables.js' {
  interface Tables {
    latchkey_roles: { role: string };
    latchkey_role_permissions: { role: string; permission: string };
  }
}

/** Below the number of parameters that a statement may have. */
const ROWS_AT_ONCE = 1000;

/** The roles of the app and what they permit. */
export class RolePermissionsStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** @returns whether it was made now */
  async insert(role: string): Promise<boolean> {
    const db = await this.database.tables();
    const rows = await db
      .insertInto('latchkey_roles')
      .values({ role })
      .onConflict((conflict) => conflict.doNothing())
      .returning('role')
      .execute();
    return rows.length === 1;
  }

  async exists(role: string): Promise<boolean> {
    const db = await this.database.tables();
    const row = await db.selectFrom('latchkey_roles').select('role').where('role', '=', role).executeTakeFirst();
    return row !== undefined;
  }

  /** Within a transaction: nobody deletes the role before its end. @returns false for an unknown role */
  async hold(role: string): Promise<boolean> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_roles')
      .select('role')
      .where('role', '=', role)
      .forKeyShare()
      .executeTakeFirst();
    return row !== undefined;
  }

  /** @returns whether there was one */
  async delete(role: string): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db.deleteFrom('latchkey_roles').where('role', '=', role).executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  async all(): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db.selectFrom('latchkey_roles').select('role').orderBy('role').execute();
    return rows.map(({ role }) => role);
  }

  /** @returns whether one of them is new */
  async permit(role: string, permissions: string[]): Promise<boolean> {
    const db = await this.database.tables();
    let isChanged = false;
    // One order for all, so that of two who add the same neither waits for the other.
    for (const some of inBatches([...permissions].sort())) {
      const added = await db
        .insertInto('latchkey_role_permissions')
        .values(some.map((permission) => ({ role, permission })))
        .onConflict((conflict) => conflict.doNothing())
        .returning('permission')
        .execute();
      isChanged ||= added.length > 0;
    }
    return isChanged;
  }

  /** @param permissions undefined for all. @returns whether the role had one of them */
  async forbid(role: string, permissions: string[] | undefined): Promise<boolean> {
    const db = await this.database.tables();
    const ofRole = db.deleteFrom('latchkey_role_permissions').where('role', '=', role);
    if (permissions === undefined) return (await ofRole.executeTakeFirst()).numDeletedRows > 0n;
    let isChanged = false;
    for (const some of inBatches(permissions)) {
      const { numDeletedRows } = await ofRole.where('permission', 'in', some).executeTakeFirst();
      isChanged ||= numDeletedRows > 0n;
    }
    return isChanged;
  }

  async permissionsOf(roles: string[]): Promise<string[]> {
    const db = await this.database.tables();
    const found = new Set<string>();
    for (const some of inBatches(roles)) {
      const rows = await db
        .selectFrom('latchkey_role_permissions')
        .select('permission')
        .distinct()
        .where('role', 'in', some)
        .orderBy('permission')
        .execute();
      for (const { permission } of rows) found.add(permission);
    }
    return [...found];
  }

  async rolesWith(permission: string): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_role_permissions')
      .select('role')
      .where('permission', '=', permission)
      .orderBy('role')
      .execute();
    return rows.map(({ role }) => role);
  }
}

function* inBatches<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += ROWS_AT_ONCE) yield items.slice(at, at + ROWS_AT_ONCE);
}
