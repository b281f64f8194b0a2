import type { LoginMethod, LoginRecipeId, User } from '../../users.core.js';
import type { LoginMethodsTable } from './tables.js';

/** One row for each login method in each of its tenants. */
interface UserRow extends Omit<LoginMethodsTable, 'recipe_id' | 'third_party_issuer'> {
  is_primary: number;
  recipe_id: string;
  user_time_joined_ms: number;
  tenant_id: string | null;
  external_user_id: string | null;
  external_recipe_user_id: string | null;
  /** Its own email, where that was proven to belong to the user. */
  proven_email: string | null;
}

/** @returns users by our own id, also where they are shown under another one; their login methods in the order of the rows */
export function assembleUsers(rows: UserRow[]): Map<string, User> {
  const users = new Map<string, User>();
  const methods = new Map<string, LoginMethod>();
  for (const row of rows) {
    const user = users.get(row.user_id) ?? startUser(row);
    users.set(row.user_id, user);

    let method = methods.get(row.recipe_user_id);
    if (method === undefined) {
      method = startLoginMethod(row);
      methods.set(row.recipe_user_id, method);
      addLoginMethod(user, method);
    }
    if (row.tenant_id === null) continue;
    method.tenantIds.push(row.tenant_id);
    if (!user.tenantIds.includes(row.tenant_id)) user.tenantIds.push(row.tenant_id);
  }
  return users;
}

function startUser(row: UserRow): User {
  return {
    id: row.external_user_id ?? row.user_id,
    timeJoined: row.user_time_joined_ms,
    isPrimaryUser: row.is_primary === 1,
    tenantIds: [],
    emails: [],
    phoneNumbers: [],
    thirdParty: [],
    loginMethods: [],
  };
}

function startLoginMethod(row: UserRow): LoginMethod {
  const method: LoginMethod = {
    recipeId: row.recipe_id as LoginRecipeId,
    recipeUserId: row.external_recipe_user_id ?? row.recipe_user_id,
    tenantIds: [],
    verified: row.proven_email !== null,
    timeJoined: row.time_joined_ms,
  };
  if (row.email !== null) method.email = row.email;
  if (row.phone_number !== null) method.phoneNumber = row.phone_number;
  if (row.third_party_id !== null && row.third_party_user_id !== null) {
    method.thirdParty = { id: row.third_party_id, userId: row.third_party_user_id };
  }
  if (row.account_key !== null) method.accountKey = row.account_key;
  return method;
}

function addLoginMethod(user: User, method: LoginMethod): void {
  const { email, phoneNumber, thirdParty } = method;
  user.loginMethods.push(method);
  if (email !== undefined && !user.emails.includes(email)) user.emails.push(email);
  if (phoneNumber !== undefined && !user.phoneNumbers.includes(phoneNumber)) user.phoneNumbers.push(phoneNumber);
  if (thirdParty !== undefined) user.thirdParty.push({ ...thirdParty });
}
