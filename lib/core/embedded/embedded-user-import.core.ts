import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { BadInputError } from '../auth.error.js';
import { PUBLIC_TENANT_ID } from '../core.js';
import { normaliseEmail } from '../email-address.js';
import { toJsonText } from '../json.js';
import {
  type ImportedLoginMethod,
  type ImportedUser,
  type ImportUserResult,
  UserImportCore,
} from '../user-import.core.js';
import type { BoundedPasswordHasher } from './bounded-password-hasher.js';
import { credentialsVersionOf } from './credentials-version.js';
import { assertImportable } from './imported-password-hash.js';
import { KnownUsers } from './known-users.js';
import { normalForm } from './passwords.js';
import { accountKeyOf } from './storage/login-methods.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { TenantsStorage } from './storage/tenants.storage.js';
import { type ImportRows, UserImportStorage } from './storage/user-import.storage.js';

interface EmbeddedUserImportDependencies {
  database: SqlAuthDatabase;
  passwordHasher: BoundedPasswordHasher;
  canVerifyFirebaseScrypt: boolean;
  clock: () => number;
}

/** One user on its way in. */
interface Entry {
  user: ImportedUser;
  rows: ImportRows;
  result?: ImportUserResult;
}

/** Somebody may sign up or be deleted meanwhile, but not again and again. */
const MAX_ATTEMPTS = 5;

export class EmbeddedUserImportCore extends UserImportCore {
  private readonly storage: UserImportStorage;
  private readonly tenants: TenantsStorage;
  private readonly knownUsers: KnownUsers;

  constructor(private readonly engine: EmbeddedUserImportDependencies) {
    super();
    this.storage = new UserImportStorage(engine.database);
    this.tenants = new TenantsStorage(engine.database);
    this.knownUsers = new KnownUsers(engine.database, engine.passwordHasher);
  }

  async importUsers(
    users: readonly ImportedUser[],
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<ImportUserResult[]> {
    const entries = users.map((user): Entry => ({ user, rows: rowsOf(user, this.engine.clock()) }));
    for (const entry of entries) entry.result = this.refuseHashes(entry.user);
    // Before the passwords, which take most of the time: a repeated import passes over those who are here.
    await this.findKnown(open(entries));
    await this.hashPasswords(open(entries), dryRun);
    await this.write(entries, dryRun);
    return entries.map(({ result }) => result!);
  }

  private async write(entries: Entry[], dryRun: boolean): Promise<void> {
    const pending = open(entries);
    if (pending.length === 0) return;
    const rollBack = new Error('A dry run writes nothing');
    try {
      await this.engine.database.transaction(
        async () => {
          for (const entry of pending) entry.result = undefined;
          await this.settle(pending);
          if (dryRun) throw rollBack;
        },
        { repeatable: true },
      );
    } catch (error) {
      if (error !== rollBack) throw error;
    }
  }

  /** Within a transaction. Others may come in between where a name is claimed: those are looked at again. */
  private async settle(entries: Entry[]): Promise<void> {
    const existing = await this.tenants.holdExisting([...new Set(entries.flatMap(({ rows }) => tenantsIn(rows)))]);
    const known = await this.storage.holdRoles(entries.flatMap(({ rows }) => rows.roles.map(({ role }) => role)));
    for (const entry of entries) {
      const missing = tenantsIn(entry.rows).find((tenantId) => !existing.has(tenantId));
      const unknown = entry.rows.roles.find(({ role }) => !known.has(role))?.role;
      if (missing !== undefined) entry.result = refused(`there is no tenant ${JSON.stringify(missing)}`);
      else if (unknown !== undefined) {
        entry.result = refused(`there is no role ${JSON.stringify(unknown)}: make it before, or pass --ignore roles`);
      }
    }
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && open(entries).length > 0; attempt++) {
      await this.findKnown(open(entries));
      const candidates = open(entries);
      if (candidates.length === 0) return;
      const claimed = await this.storage.claim(candidates.map(({ rows }) => rows));
      const lucky = candidates.filter(({ rows }) => claimed.has(rows.userId));
      await this.storage.insert(lucky.map(({ rows }) => rows));
      for (const entry of lucky) entry.result = imported(entry);
    }
    for (const entry of open(entries))
      entry.result = refused('somebody else makes and deletes the same user again and again');
  }

  private async findKnown(entries: Entry[]): Promise<void> {
    const results = await this.knownUsers.find(entries);
    for (const [at, entry] of entries.entries()) entry.result = results[at];
  }

  private refuseHashes({ loginMethods }: ImportedUser): ImportUserResult | undefined {
    for (const [at, method] of loginMethods.entries()) {
      if (method.recipeId !== 'emailpassword' || method.passwordHash === undefined) continue;
      try {
        assertImportable(method.passwordHash, method.hashingAlgorithm, this.engine.canVerifyFirebaseScrypt);
      } catch (error) {
        if (error instanceof BadInputError) return refused(`loginMethods[${at}]: ${error.publicMessage}`);
        throw error;
      }
    }
    return undefined;
  }

  /** As many at once as there are cores, so that none is refused for those that wait. */
  private async hashPasswords(entries: Entry[], dryRun: boolean): Promise<void> {
    const plain = entries.flatMap(({ user, rows }) =>
      ordered(user).flatMap((method, at) =>
        method.recipeId === 'emailpassword' && method.plainTextPassword !== undefined
          ? { password: method.plainTextPassword, rows, recipe_user_id: rows.methods[at]!.recipe_user_id }
          : [],
      ),
    );
    const work = plain.values();
    const worker = async () => {
      for (const { password, rows, recipe_user_id } of work) {
        const password_hash = dryRun ? 'of a dry run' : await this.engine.passwordHasher.hash(normalForm(password));
        rows.credentials.push({ recipe_user_id, password_hash });
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
  }
}

function open(entries: Entry[]): Entry[] {
  return entries.filter(({ result }) => result === undefined);
}

function refused(reason: string): ImportUserResult {
  return { status: 'REFUSED_ERROR', reason };
}

function imported({ user, rows }: Entry): ImportUserResult {
  const shown = (id: string) => (id === rows.userId ? (user.externalUserId ?? id) : id);
  const methods = ordered(user).map((method, at) => {
    const recipeUserId = rows.methods[at]!.recipe_user_id;
    const hash = rows.credentials.find(({ recipe_user_id }) => recipe_user_id === recipeUserId)?.password_hash;
    const version = hash === undefined ? {} : { credentialsVersion: credentialsVersionOf(hash) };
    return [method, { recipeUserId: shown(recipeUserId), ...version }] as const;
  });
  const byMethod = new Map(methods);
  return {
    status: 'OK',
    userId: shown(rows.userId),
    loginMethods: user.loginMethods.map((method) => byMethod.get(method)!),
  };
}

/** The one whose id is the user's first. */
function ordered({ loginMethods }: ImportedUser): ImportedLoginMethod[] {
  return loginMethods.toSorted((a, b) => Number(b.isPrimary ?? false) - Number(a.isPrimary ?? false));
}

function rowsOf(user: ImportedUser, nowMs: number): ImportRows {
  const userId = randomUUID();
  const { externalUserId, userMetadata, userRoles = [], loginMethods } = user;
  const rows: ImportRows = {
    userId,
    isPrimary: loginMethods.length > 1 || loginMethods.some(({ isPrimary }) => isPrimary === true),
    timeJoinedMs: Math.min(...loginMethods.map((method) => method.timeJoinedInMSSinceEpoch ?? nowMs)),
    tenantIds: [...new Set(loginMethods.flatMap(tenantsOf))],
    claims: [],
    methods: [],
    verified: [],
    credentials: [],
    roles: userRoles.flatMap(({ role, tenantIds = [PUBLIC_TENANT_ID] }) =>
      tenantIds.map((tenant_id) => ({ role, tenant_id, user_id: userId })),
    ),
  };
  for (const [at, method] of ordered(user).entries()) addMethod(rows, method, at === 0 ? userId : randomUUID(), nowMs);
  if (externalUserId !== undefined) {
    rows.mapping = { user_id: userId, external_user_id: externalUserId, external_user_id_info: null };
  }
  if (userMetadata !== undefined) {
    rows.metadata = { user_id: userId, metadata: toJsonText(userMetadata, 'userMetadata') };
  }
  return rows;
}

function addMethod(rows: ImportRows, method: ImportedLoginMethod, recipe_user_id: string, nowMs: number): void {
  const email = normaliseEmail(method.email);
  const isThirdParty = method.recipeId === 'thirdparty';
  const row = {
    recipe_user_id,
    user_id: rows.userId,
    recipe_id: method.recipeId,
    email,
    phone_number: null,
    third_party_id: isThirdParty ? method.thirdPartyId : null,
    third_party_user_id: isThirdParty ? method.thirdPartyUserId : null,
    third_party_issuer: null,
    account_key: null,
    time_joined_ms: method.timeJoinedInMSSinceEpoch ?? nowMs,
  };
  rows.methods.push(row);
  for (const tenant_id of tenantsOf(method)) {
    rows.claims.push({ tenant_id, recipe_id: method.recipeId, account_key: accountKeyOf(row), recipe_user_id });
  }
  if (method.isVerified === true) rows.verified.push({ recipe_user_id, email });
  if (method.recipeId === 'emailpassword' && method.passwordHash !== undefined) {
    rows.credentials.push({ recipe_user_id, password_hash: method.passwordHash });
  }
}

/** Those in which it signs in or has roles. */
function tenantsIn({ tenantIds, roles }: ImportRows): string[] {
  return [...tenantIds, ...roles.map(({ tenant_id }) => tenant_id)];
}

function tenantsOf({ tenantIds }: ImportedLoginMethod): string[] {
  return tenantIds ?? [PUBLIC_TENANT_ID];
}
