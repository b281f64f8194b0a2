import type { KyselyPlugin, CompiledQuery } from 'kysely';
import { AttemptsStorage } from '../../lib/core/embedded/storage/attempts.storage.js';
import { SqlAuthDatabase } from '../../lib/core/embedded/storage/sql-auth-database.js';
import { EmailOutboxStorage } from '../../lib/core/embedded/storage/email-outbox.storage.js';
import { EmailPasswordStorage } from '../../lib/core/embedded/storage/email-password.storage.js';
import { EmailVerificationStorage } from '../../lib/core/embedded/storage/email-verification.storage.js';
import { LoginMethodsStorage } from '../../lib/core/embedded/storage/login-methods.storage.js';
import { OneTimeTokensStorage } from '../../lib/core/embedded/storage/one-time-tokens.storage.js';
import { RolePermissionsStorage } from '../../lib/core/embedded/storage/role-permissions.storage.js';
import { EndedSessionsStorage } from '../../lib/core/embedded/storage/ended-sessions.storage.js';
import { RevocationsStorage } from '../../lib/core/embedded/storage/revocations.storage.js';
import { SessionAge } from '../../lib/core/embedded/storage/session-age.js';
import { SessionLimitsStorage } from '../../lib/core/embedded/storage/session-limits.storage.js';
import { SessionsStorage } from '../../lib/core/embedded/storage/sessions.storage.js';
import { SigningKeysStorage } from '../../lib/core/embedded/storage/signing-keys.storage.js';
import type { OpenedDatabase } from '../../lib/core/embedded/storage/storage-dialect.js';
import { TenantsStorage } from '../../lib/core/embedded/storage/tenants.storage.js';
import { UserActivityStorage } from '../../lib/core/embedded/storage/user-activity.storage.js';
import { UserIdMappingStorage } from '../../lib/core/embedded/storage/user-id-mapping.storage.js';
import { UserMetadataStorage } from '../../lib/core/embedded/storage/user-metadata.storage.js';
import { UserRolesStorage } from '../../lib/core/embedded/storage/user-roles.storage.js';
import { ThirdPartyStorage } from '../../lib/core/embedded/storage/third-party.storage.js';
import { UserListStorage } from '../../lib/core/embedded/storage/user-list.storage.js';
import type { UserSearch } from '../../lib/core/user-search.js';
import { UsersStorage } from '../../lib/core/embedded/storage/users.storage.js';

const token = { kind: 'password-reset', tokenHash: 'hash', tenantId: 'public', nowMs: 1 };
const due = { nowMs: 1, leaseEndMs: 2, line: 'messages' };
const position = { time_joined_ms: 1, user_id: 'u' };
const method = { recipe_user_id: 'u', recipe_id: 'emailpassword', user_id: 'u' };

const attempts = (database: SqlAuthDatabase) => new AttemptsStorage(database);
const users = (database: SqlAuthDatabase) => new UsersStorage(database);
const list = (database: SqlAuthDatabase) => new UserListStorage(database);
const loginMethods = (database: SqlAuthDatabase) => new LoginMethodsStorage(database);
const passwords = (database: SqlAuthDatabase) => new EmailPasswordStorage(database);
const tokens = (database: SqlAuthDatabase) => new OneTimeTokensStorage(database);
const outbox = (database: SqlAuthDatabase) => new EmailOutboxStorage(database);
const verifications = (database: SqlAuthDatabase) => new EmailVerificationStorage(database);
const thirdParty = (database: SqlAuthDatabase) => new ThirdPartyStorage(database);
const sessions = (database: SqlAuthDatabase) => new SessionsStorage(database);
const roles = (database: SqlAuthDatabase) => new UserRolesStorage(database);
const permissions = (database: SqlAuthDatabase) => new RolePermissionsStorage(database);
const activity = (database: SqlAuthDatabase) => new UserActivityStorage(database);
const holder = { tenantId: 'acme', userId: 'u', role: 'role-1' };
const ended = (database: SqlAuthDatabase) => new EndedSessionsStorage(database, new SessionAge());
const limits = (database: SqlAuthDatabase) => new SessionLimitsStorage(database, new SessionAge(1000), ended(database));
const revocations = (database: SqlAuthDatabase) => new RevocationsStorage(database);
const session = { session_handle: 'handle', user_id: 'u', tenant_id: 'public' };
const sessionTokens = { session_handle: 'handle', refresh_token_hash: 'a', unseen_refresh_token_hash: 'a' };
const rotation = { refresh_token_hash: 'b', rotated_at_ms: 1, expires_at_ms: 2 };

async function changeEmail(database: SqlAuthDatabase): Promise<void> {
  const user = { tenantId: 'public', recipeId: 'emailpassword', accountKey: 'a', verified: false } as const;
  const recipe_user_id = await loginMethods(database).createUser({ ...user, timeJoinedMs: 1 });
  await loginMethods(database).changeEmail({ ...method, recipe_user_id } as never, 'a', 'b', 'b');
}

const searches: [name: string, search: UserSearch][] = [
  ['email', { emails: ['ada', 'bob@example'] }],
  ['phone number', { phoneNumbers: ['+12'] }],
  ['provider', { thirdPartyIds: ['githu'] }],
  ['email and provider', { emails: ['ada'], thirdPartyIds: ['google'] }],
];

/** Every query of the storage that looks for something, whatever it then does with it. */
export const storageQueries: [name: string, run: (database: SqlAuthDatabase) => Promise<unknown>][] = [
  ['tenants.exists', (db) => new TenantsStorage(db).exists('acme')],
  ['users.resolveUserId', (db) => users(db).resolveUserId('u')],
  ['users.load', (db) => users(db).load(['u', 'v'])],
  ['users.findByAccountInfo, email', (db) => users(db).findByAccountInfo('public', { email: 'a@example.com' })],
  ['users.findByAccountInfo, phone', (db) => users(db).findByAccountInfo('public', { phoneNumber: '+1' })],
  [
    'users.findByAccountInfo, third party',
    (db) => users(db).findByAccountInfo('public', { thirdParty: { id: 'google', userId: '1' } }),
  ],
  ['users.lockLoginMethods', (db) => users(db).lockLoginMethods('u')],
  ['users.delete', (db) => users(db).delete('u', ['u'])],
  ['users of a tenant', (db) => list(db).page({ tenantId: 'public' }, 'asc', undefined, 10)],
  ['users of a tenant, next page', (db) => list(db).page({ tenantId: 'public' }, 'desc', position, 10)],
  [
    'users of a tenant and a recipe',
    (db) => list(db).page({ tenantId: 'public', recipeIds: ['emailpassword'] }, 'asc', position, 10),
  ],
  ['users of all tenants, next page', (db) => list(db).page({}, 'asc', position, 10)],
  ...searches.map(([name, search]): [string, (database: SqlAuthDatabase) => Promise<unknown>] => [
    `users by ${name}`,
    (db) => list(db).page({ tenantId: 'public', search }, 'desc', position, 10),
  ]),
  ['users of all tenants by email', (db) => list(db).page({ search: { emails: ['ada'] } }, 'asc', undefined, 10)],
  ['count of users by email', (db) => list(db).count({ tenantId: 'public', search: { emails: ['ada'] } })],
  ['count of a tenant', (db) => list(db).count({ tenantId: 'public' })],
  ['loginMethods.lock', (db) => loginMethods(db).lock('u', 'emailpassword')],
  ['loginMethods.changeEmail', changeEmail],
  ['passwords.findCredentials', (db) => passwords(db).findCredentials('public', 'a@example.com')],
  ['passwords.setPasswordHash', (db) => passwords(db).setPasswordHash('u', 'hash')],
  ['passwords.setPasswordHash, with former ones', (db) => passwords(db).setPasswordHash('u', 'hash', 3)],
  ['passwords.settledPasswordHash', (db) => passwords(db).settledPasswordHash('u')],
  ['passwords.replacePasswordHash', (db) => passwords(db).replacePasswordHash('u', 'old', 'new')],
  ['passwords.deleteUserData', (db) => passwords(db).deleteUserData(['u'])],
  ['tokens.findOwner', (db) => tokens(db).findOwner('password-reset', 'hash')],
  ['tokens.find', (db) => tokens(db).find(token)],
  ['tokens.spend, of the user', (db) => tokens(db).spend(token, 'OF_USER')],
  ['tokens.spend, of the subject', (db) => tokens(db).spend(token, 'OF_SUBJECT')],
  ['tokens.revoke', (db) => tokens(db).revoke('password-reset', { recipeUserId: 'u' })],
  [
    'tokens.revoke, one subject and tenant',
    (db) => tokens(db).revoke('password-reset', { recipeUserId: 'u', subject: 'a@example.com', tenantId: 'public' }),
  ],
  ['tokens.deleteTenantData, user', (db) => tokens(db).deleteTenantData('public', 'u')],
  ['tokens.deleteUserData', (db) => tokens(db).deleteUserData(['u'])],
  ['tokens.deleteExpired', (db) => tokens(db).deleteExpired(1, 10)],
  ['tokens.keepNewest', (db) => tokens(db).keepNewest({ ...token, recipeUserId: 'u' }, 10)],
  ['outbox.claimDue', (db) => outbox(db).claimDue({ ...due, limit: 5 })],
  ['outbox.claimDue, of some', (db) => outbox(db).claimDue({ ...due, limit: 5, emailIds: ['e'] })],
  ['outbox.setDue', (db) => outbox(db).setDue({ emailId: 'e', attempt: 1 }, 2)],
  ['outbox.delete', (db) => outbox(db).delete({ emailId: 'e', attempt: 1 })],
  ['outbox.deleteUserData', (db) => outbox(db).deleteUserData(['u'])],
  ['outbox.deleteTenantData', (db) => outbox(db).deleteTenantData('t')],
  ['outbox.deleteTenantData, of a user', (db) => outbox(db).deleteTenantData('t', 'u')],
  ['outbox.deleteExpired', (db) => outbox(db).deleteExpired(1, 10)],
  ['verifications.isVerified', (db) => verifications(db).isVerified('u', 'a@example.com')],
  ['verifications.markVerified', (db) => verifications(db).markVerified('u', 'a@example.com')],
  ['verifications.unmarkVerified', (db) => verifications(db).unmarkVerified('u', 'a@example.com')],
  ['verifications.deleteUserData', (db) => verifications(db).deleteUserData(['u'])],
  [
    'loginMethods.findByAccountKey',
    (db) =>
      loginMethods(db).findByAccountKey({ tenantId: 'public', recipeId: 'thirdparty', accountKey: '["google","1"]' }),
  ],
  ['thirdParty.setEmail', (db) => thirdParty(db).setEmail('u', 'a@example.com')],
  ['thirdParty.putConfig', (db) => thirdParty(db).putConfig('public', 'google', '{}')],
  ['thirdParty.deleteConfig', (db) => thirdParty(db).deleteConfig('public', 'google')],
  ['thirdParty.listConfigs', (db) => thirdParty(db).listConfigs('public')],
  ['thirdParty.deleteTenantConfigs', (db) => thirdParty(db).deleteTenantConfigs('public')],
  ['sessions.find', (db) => sessions(db).find('handle', 1)],
  ['sessions.rotate', (db) => sessions(db).rotate(sessionTokens, rotation, 1)],
  ['sessions.rotate, while unseen', (db) => sessions(db).rotate(sessionTokens, rotation, 1, { whileUnseen: true })],
  ['sessions.update', (db) => sessions(db).update('handle', { session_data: '{}' }, 1)],
  [
    'sessions.handlesOfUser',
    (db) => sessions(db).handlesOfUser({ userId: 'u', tenantId: 'public', ofLinkedAccounts: false }, 1),
  ],
  ['sessionLimits.isExceeded', (db) => limits(db).isExceeded(session, 2, 1)],
  ['sessionLimits.endOldest', (db) => limits(db).endOldest(session, 2, 1, 10)],
  [
    'sessions.deleteOfTenant, one login method',
    (db) => ended(db).deleteOfTenant({ tenantId: 'acme', userId: 'u', recipeUserId: 'u' }),
  ],
  ['passwords.findLoginMethod', (db) => passwords(db).findLoginMethod('public', 'a@example.com', 'u')],
  ['users.lockOwners', (db) => users(db).lockOwners('u')],
  ['loginMethods.addToTenant', (db) => loginMethods(db).addToTenant(method as never, 'public')],
  ['loginMethods.removeFromTenant', (db) => loginMethods(db).removeFromTenant(method as never, 'acme')],
  ['metadata.find', (db) => new UserMetadataStorage(db).find('u')],
  ['metadata.findMany', (db) => new UserMetadataStorage(db).findMany(['u', 'v'])],
  ['userRoles.give', (db) => roles(db).give(holder)],
  ['userRoles.give, public tenant', (db) => roles(db).give({ ...holder, tenantId: 'public' })],
  ['userRoles.take', (db) => roles(db).take(holder)],
  ['userRoles.rolesOf', (db) => roles(db).rolesOf('acme', 'u')],
  ['activity.countSince', (db) => activity(db).countSince(19_990)],
  ['activity.write', (db) => activity(db).write(new Map([['u', 1]]))],
  ['activity.deleteOfUsers', (db) => activity(db).deleteOfUsers(['u'])],
  ['activity.externalIdsOf', (db) => activity(db).externalIdsOf(['u'])],
  ['userRoles.hasAny', (db) => roles(db).hasAny('u')],
  ['userRoles.holders', (db) => roles(db).holders({ tenantId: 'public', role: 'role-0' }, undefined, 10)],
  ['userRoles.holders, next page', (db) => roles(db).holders({ tenantId: 'public', role: 'role-0' }, 'u', 10)],
  ['userRoles.someHolders', (db) => roles(db).someHolders('role-1', 10)],
  ['userRoles.deleteOfUsers', (db) => roles(db).deleteOfUsers(['u', 'v'])],
  ['userRoles.deleteOfTenant', (db) => roles(db).deleteOfTenant('acme')],
  ['userRoles.deleteOfFormerMembers', (db) => roles(db).deleteOfFormerMembers('acme', ['u', 'v'])],
  ['permissions.exists', (db) => permissions(db).exists('role-1')],
  ['permissions.hold', (db) => permissions(db).hold('role-1')],
  ['permissions.delete', (db) => permissions(db).delete('role-1')],
  ['permissions.forbid', (db) => permissions(db).forbid('role-1', ['permission-1'])],
  ['permissions.forbid, all', (db) => permissions(db).forbid('role-1', undefined)],
  ['permissions.permissionsOf', (db) => permissions(db).permissionsOf(['role-1', 'role-2'])],
  ['permissions.rolesWith', (db) => permissions(db).rolesWith('permission-1')],
  ['metadata.replace', (db) => new UserMetadataStorage(db).replace('u', '{}')],
  ['mappings.get', (db) => new UserIdMappingStorage(db).get('u', 'ANY')],
  ['mappings.isOwnId', (db) => new UserIdMappingStorage(db).isOwnId('u')],
  ['sessions.delete', (db) => ended(db).delete(['a', 'b'], 1)],
  ['sessions.deleteOfUser', (db) => ended(db).deleteOfUser({ userId: 'u' }, 1)],
  ['sessions.deleteExpired', (db) => sessions(db).deleteExpired(1, 10)],
  ['revocations.insert', (db) => revocations(db).insert({ kind: 'sessions', subjects: ['a'], writtenAtMs: 1 })],
  ['revocations.horizon', (db) => revocations(db).horizon()],
  ['revocations.readFrom', (db) => revocations(db).readFrom('1000').next()],
  ['revocations.deleteBefore', (db) => revocations(db).deleteBefore(1, 10)],
  ['attempts.findFreeAtMs', (db) => attempts(db).findFreeAtMs('a.b')],
  ['attempts.giveBack', (db) => attempts(db).giveBack('a.b', 1)],
  ['attempts.delete', (db) => attempts(db).delete(['a.b', 'a.c'])],
  ['attempts.deleteByPrefix', (db) => attempts(db).deleteByPrefix('a.')],
  ['attempts.deleteFreeBy', (db) => attempts(db).deleteFreeBy(1, 10)],
  ['signingKeys.delete', (db) => new SigningKeysStorage(db).delete(['a'])],
];

export interface SeenQuery {
  sql: string;
  parameters: unknown[];
}

/** A database that remembers the queries it was given since it was last asked for them. */
export class QueryRecorder {
  readonly database: SqlAuthDatabase;
  private seen: SeenQuery[] = [];

  constructor(opened: OpenedDatabase) {
    const recorder: KyselyPlugin = {
      transformQuery: ({ node }) => {
        const { sql, parameters } = opened.kysely.getExecutor().compileQuery(node, { queryId: 'plan' });
        // One that is compiled before its values are known is seen when it runs.
        if (!parameters.some(isPlaceholder)) this.seen.push({ sql, parameters: [...parameters] });
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    const note = (query: SeenQuery) => this.seen.push(query);
    this.database = new (class extends SqlAuthDatabase {
      override async run<Row>(statement: CompiledQuery<Row>): Promise<Row[]> {
        note({ sql: statement.sql, parameters: [...statement.parameters] });
        return super.run(statement);
      }
    })({ ...opened, kysely: opened.kysely.withPlugin(recorder) });
  }

  async queriesOf(run: (database: SqlAuthDatabase) => Promise<unknown>): Promise<SeenQuery[]> {
    this.seen = [];
    await run(this.database);
    return this.seen;
  }
}

function isPlaceholder(parameter: unknown): boolean {
  return typeof parameter === 'object' && parameter !== null;
}
