import { PUBLIC_TENANT_ID } from '../core.js';
import type { ImportedEmailPasswordAccount, ImportedUser, ImportUserResult } from '../user-import.core.js';
import type { LoginMethod, User } from '../users.core.js';
import type { PasswordHasher } from '../password-hasher.js';
import { formsOf } from './passwords.js';
import { EmailPasswordStorage } from './storage/email-password.storage.js';
import { accountKeyOf } from './storage/login-methods.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { claimKey, type ImportRows, UserImportStorage } from './storage/user-import.storage.js';
import { UsersStorage } from './storage/users.storage.js';

interface Candidate {
  user: ImportedUser;
  rows: ImportRows;
}

/** What is here of those who are to be imported, as far as a few statements for all of them can tell. */
interface Findings {
  holders: Map<string, string>;
  mapped: Map<string, string>;
  ownIds: Set<string>;
  primaryEmails: Set<string>;
  /** By our own id. */
  users: Map<string, User>;
}

const LOADED_AT_ONCE = 500;

/**
 * Tells users who are here already from those who only have the name of one.
 *
 * It is the same user where its login methods are the same and its external id is the same. Without external id, the time at
 * which it joined or else the password has to be the same, too: an email alone is nobody's for ever.
 */
export class KnownUsers {
  private readonly storage: UserImportStorage;
  private readonly users: UsersStorage;
  private readonly credentials: EmailPasswordStorage;

  constructor(
    database: SqlAuthDatabase,
    private readonly passwordHasher: PasswordHasher,
  ) {
    this.storage = new UserImportStorage(database);
    this.users = new UsersStorage(database);
    this.credentials = new EmailPasswordStorage(database);
  }

  /** @returns for each the result, or undefined for those that can be imported */
  async find(candidates: readonly Candidate[]): Promise<(ImportUserResult | undefined)[]> {
    if (candidates.length === 0) return [];
    const findings = await this.look(candidates);
    const results: (ImportUserResult | undefined)[] = [];
    for (const candidate of candidates) results.push(await this.judge(candidate, findings));
    return results;
  }

  private async look(candidates: readonly Candidate[]): Promise<Findings> {
    const externalUserIds = candidates.flatMap(({ user }) => user.externalUserId ?? []);
    const emails = candidates
      .filter(({ rows }) => rows.isPrimary)
      .flatMap(({ rows }) => rows.methods.flatMap(({ email }) => email ?? []));
    const primary = await this.storage.primaryEmails([...new Set(emails)]);
    const holders = await this.storage.holders(candidates.flatMap(({ rows }) => rows.claims));
    const mapped = await this.storage.mapped(externalUserIds);
    return {
      holders,
      mapped,
      users: await this.load([...new Set([...holders.values(), ...mapped.values()])]),
      ownIds: await this.storage.ownIds(externalUserIds),
      primaryEmails: new Set(primary.map(({ email, tenant_id }) => emailKey(email, tenant_id))),
    };
  }

  private async load(userIds: string[]): Promise<Map<string, User>> {
    const users = new Map<string, User>();
    for (let at = 0; at < userIds.length; at += LOADED_AT_ONCE) {
      const some = userIds.slice(at, at + LOADED_AT_ONCE);
      for (const [id, user] of await this.users.loadById(some)) users.set(id, user);
    }
    return users;
  }

  private async judge({ user, rows }: Candidate, findings: Findings): Promise<ImportUserResult | undefined> {
    const { externalUserId } = user;
    const conflict = rows.claims.find((claim) => findings.holders.has(claimKey(claim)));
    const holder = conflict && findings.holders.get(claimKey(conflict));
    const mapped = externalUserId === undefined ? undefined : findings.mapped.get(externalUserId);
    const storedId = holder ?? mapped;
    if (storedId === undefined) return this.judgeNewcomer({ user, rows }, findings);

    const known = findings.users.get(storedId);
    // Deleted meanwhile.
    if (known === undefined) return undefined;
    const hasId = externalUserId === undefined ? known.id === storedId : mapped === storedId;
    const isSame = hasId && (await this.isSame(user, rows, known));
    if (isSame) return { status: 'ALREADY_IMPORTED_ERROR', userId: known.id };
    if (conflict !== undefined) {
      const name = nameOf(rows, conflict.recipe_user_id);
      return refused(
        `${name} signs in to the tenant ${conflict.tenant_id} already, as another user or with other data`,
      );
    }
    return refused(`externalUserId ${JSON.stringify(externalUserId)} is another user's already`);
  }

  private judgeNewcomer({ user, rows }: Candidate, findings: Findings): ImportUserResult | undefined {
    const { externalUserId } = user;
    if (externalUserId !== undefined && findings.ownIds.has(externalUserId)) {
      return refused(`externalUserId ${JSON.stringify(externalUserId)} is an id that was given to another user here`);
    }
    if (!rows.isPrimary) return undefined;
    const conflict = rows.methods.find(({ email }) =>
      rows.tenantIds.some((tenantId) => findings.primaryEmails.has(emailKey(email ?? '', tenantId))),
    );
    return conflict && refused(`${conflict.email} belongs to another user with several login methods`);
  }

  private async isSame(user: ImportedUser, rows: ImportRows, known: User): Promise<boolean> {
    if (known.loginMethods.length !== rows.methods.length) return false;
    const pairs = rows.methods.map((row) => {
      const tenantIds = rows.claims.filter((claim) => claim.recipe_user_id === row.recipe_user_id);
      const same = known.loginMethods.find(
        (method) =>
          method.recipeId === row.recipe_id &&
          keyOf(method) === accountKeyOf(row) &&
          tenantIds.every(({ tenant_id }) => method.tenantIds.includes(tenant_id)),
      );
      return { row, same };
    });
    if (pairs.some(({ same }) => same === undefined)) return false;
    if (user.externalUserId !== undefined) return true;
    const times = user.loginMethods.map(({ timeJoinedInMSSinceEpoch }) => timeJoinedInMSSinceEpoch);
    if (times.every((time) => time !== undefined)) {
      return pairs.every(({ row, same }) => row.time_joined_ms === same!.timeJoined);
    }
    return this.hasPasswords(user);
  }

  private async hasPasswords({ loginMethods }: ImportedUser): Promise<boolean> {
    for (const method of loginMethods) {
      if (method.recipeId === 'emailpassword' && !(await this.hasPassword(method))) return false;
    }
    return true;
  }

  private async hasPassword(method: ImportedEmailPasswordAccount): Promise<boolean> {
    const { tenantIds: [tenantId = PUBLIC_TENANT_ID] = [], email, passwordHash, plainTextPassword } = method;
    const found = await this.credentials.findCredentials(tenantId, email);
    if (found === undefined) return false;
    if (plainTextPassword === undefined) return found.passwordHash === passwordHash;
    for (const form of formsOf(plainTextPassword)) {
      if (await this.passwordHasher.verify(form, found.passwordHash)) return true;
    }
    return false;
  }
}

function keyOf({ email, thirdParty }: LoginMethod): string {
  return accountKeyOf({
    email: email ?? null,
    third_party_id: thirdParty?.id ?? null,
    third_party_user_id: thirdParty?.userId ?? null,
  });
}

/** What a person would recognise it by. */
function nameOf({ methods }: ImportRows, recipeUserId: string): string {
  const method = methods.find(({ recipe_user_id }) => recipe_user_id === recipeUserId);
  if (method?.third_party_id == null) return String(method?.email);
  return `${JSON.stringify(method.third_party_user_id)} of ${JSON.stringify(method.third_party_id)}`;
}

function emailKey(email: string, tenantId: string): string {
  return `${tenantId} ${email}`;
}

function refused(reason: string): ImportUserResult {
  return { status: 'REFUSED_ERROR', reason };
}
