import { z } from 'zod';
import type { Fact, Facts } from '../facts.js';
import { assertPaginationToken, paginationTokenOf, positionOf } from '../pagination-token.js';
import {
  checkedName,
  checkedNames,
  MAX_HOLDERS_TOLD,
  type RoleHolders,
  type RoleHoldersInput,
  type RoleOfUser,
  type UnknownRole,
  UserRolesCore,
} from '../user-roles.core.js';
import { checkedLimit, checkedUserId } from '../users.core.js';
import { ok, statusOf } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { canBeLookedUp } from './core-path.js';
import type { RemoteTenantsCore } from './remote-tenants.core.js';

const unknownRole = statusOf('UNKNOWN_ROLE_ERROR');
const names = z.array(z.string());
const added = z.discriminatedUnion('status', [ok.extend({ didUserAlreadyHaveRole: z.boolean() }), unknownRole]);
const removed = z.discriminatedUnion('status', [ok.extend({ didUserHaveRole: z.boolean() }), unknownRole]);
const rolesAnswer = ok.extend({ roles: names });
const holdersAnswer = z.discriminatedUnion('status', [
  ok.extend({ users: names, nextPaginationToken: z.string().nullish() }),
  unknownRole,
]);
const permissionsAnswer = z.discriminatedUnion('status', [ok.extend({ permissions: names }), unknownRole]);
const changed = z.discriminatedUnion('status', [ok, unknownRole]);

/** How many roles are asked about at a time: the wire has one route, for one role. */
const CALLS_AT_ONCE = 10;

export class RemoteUserRolesCore extends UserRolesCore {
  constructor(
    private readonly client: CoreClient,
    private readonly tenants: RemoteTenantsCore,
    private readonly facts: Facts,
  ) {
    super();
  }

  async addRoleToUser(input: RoleOfUser): Promise<{ status: 'OK'; didUserAlreadyHaveRole: boolean } | UnknownRole> {
    const { tenantId } = input;
    const body = bodyOf(input);
    const path = '/recipe/user/role';
    const result = await this.client.call({ method: 'PUT', path, tenantId, body, answer: added });
    // Also where the user had it: the answer to an attempt before this one may have been lost.
    if (result.status === 'OK') await this.facts.announce({ fact: 'userRoles', userId: body.userId });
    return result;
  }

  async removeUserRole(input: RoleOfUser): Promise<{ status: 'OK'; didUserHaveRole: boolean } | UnknownRole> {
    const { tenantId } = input;
    const body = bodyOf(input);
    const path = '/recipe/user/role/remove';
    const call = { method: 'POST', path, tenantId, body, isRepeatable: true, answer: removed } as const;
    const result = await this.client.call(call);
    if (result.status === 'OK') await this.facts.announce({ fact: 'userRoles', userId: body.userId });
    return result;
  }

  async getRolesForUser(input: { tenantId: string; userId: string }): Promise<{ status: 'OK'; roles: string[] }> {
    const { tenantId } = input;
    const userId = checkedUserId(input.userId);
    // With an id that nobody has, so that the tenant is asked for as well.
    const query = { userId: canBeLookedUp(userId) ? userId : '-' };
    const path = '/recipe/user/roles';
    const { roles } = await this.client.call({ method: 'GET', path, tenantId, query, answer: rolesAnswer });
    return { status: 'OK', roles: canBeLookedUp(userId) ? roles : [] };
  }

  async getUsersThatHaveRole(input: RoleHoldersInput): Promise<RoleHolders | UnknownRole> {
    const { tenantId, paginationToken } = input;
    const role = checkedName(input.role, 'role');
    const limit = input.limit === undefined ? undefined : checkedLimit(input.limit);
    if (paginationToken !== undefined) assertPaginationToken(paginationToken);
    const query = { role, limit, paginationToken };
    const path = '/recipe/role/users';
    const result = await this.client.call({ method: 'GET', path, tenantId, query, answer: holdersAnswer });
    if (result.status !== 'OK') return result;
    const { users, nextPaginationToken } = result;
    if (limit !== undefined && users.length > limit) return pageOf(users, limit, paginationToken);
    return nextPaginationToken == null ? { status: 'OK', users } : { status: 'OK', users, nextPaginationToken };
  }

  async createNewRoleOrAddPermissions(input: {
    role: string;
    permissions: string[];
  }): Promise<{ status: 'OK'; createdNewRole: boolean }> {
    const role = checkedName(input.role, 'role');
    const body = { role, permissions: checkedNames(input.permissions, 'permissions') };
    const answer = ok.extend({ createdNewRole: z.boolean() });
    const result = await this.client.call({ method: 'PUT', path: '/recipe/role', body, answer });
    if (!result.createdNewRole) await this.tell(await this.whoHas(role), 'userPermissions');
    return result;
  }

  async getPermissionsForRole(input: { role: string }): Promise<{ status: 'OK'; permissions: string[] } | UnknownRole> {
    const query = { role: checkedName(input.role, 'role') };
    return this.client.call({ method: 'GET', path: '/recipe/role/permissions', query, answer: permissionsAnswer });
  }

  async getPermissionsForRoles({ roles }: { roles: string[] }): Promise<string[]> {
    const found = new Set<string>();
    for (let at = 0; at < roles.length; at += CALLS_AT_ONCE) {
      const some = roles.slice(at, at + CALLS_AT_ONCE);
      const answers = await Promise.all(some.map((role) => this.getPermissionsForRole({ role })));
      for (const answer of answers) {
        if (answer.status === 'OK') for (const permission of answer.permissions) found.add(permission);
      }
    }
    return [...found].sort();
  }

  async removePermissionsFromRole(input: {
    role: string;
    permissions?: string[];
  }): Promise<{ status: 'OK' } | UnknownRole> {
    const role = checkedName(input.role, 'role');
    const body = { role, permissions: input.permissions && checkedNames(input.permissions, 'permissions') };
    const path = '/recipe/role/permissions/remove';
    const result = await this.client.call({ method: 'POST', path, body, isRepeatable: true, answer: changed });
    if (result.status === 'OK') await this.tell(await this.whoHas(role), 'userPermissions');
    return result;
  }

  async getRolesThatHavePermission(input: { permission: string }): Promise<{ status: 'OK'; roles: string[] }> {
    const query = { permission: checkedName(input.permission, 'permission') };
    return this.client.call({ method: 'GET', path: '/recipe/permission/roles', query, answer: rolesAnswer });
  }

  async deleteRole(input: { role: string }): Promise<{ status: 'OK'; didRoleExist: boolean }> {
    const role = checkedName(input.role, 'role');
    const holders = await this.whoHas(role);
    const answer = ok.extend({ didRoleExist: z.boolean() });
    const path = '/recipe/role/remove';
    const result = await this.client.call({ method: 'POST', path, body: { role }, isRepeatable: true, answer });
    await this.tell(holders, 'userRoles');
    return result;
  }

  async getAllRoles(): Promise<{ status: 'OK'; roles: string[] }> {
    return this.client.call({ method: 'GET', path: '/recipe/roles', answer: rolesAnswer });
  }

  /** The wire tells of the users of one tenant: of too many tenants nobody is told, as of too many users. */
  private async whoHas(role: string): Promise<Set<string>> {
    const found = new Set<string>();
    if (!this.facts.isHeard) return found;
    const tenantIds = await this.tenants.listTenants();
    if (tenantIds.length > MAX_HOLDERS_TOLD) return found;
    for (const tenantId of tenantIds) {
      const holders = await this.getUsersThatHaveRole({ tenantId, role, limit: MAX_HOLDERS_TOLD });
      if (holders.status !== 'OK') return found;
      for (const userId of holders.users) found.add(userId);
      if (holders.nextPaginationToken !== undefined || found.size > MAX_HOLDERS_TOLD) return new Set();
    }
    return found;
  }

  private async tell(userIds: Iterable<string>, fact: Fact): Promise<void> {
    for (const userId of userIds) await this.facts.announce({ fact, userId });
  }
}

function bodyOf(input: RoleOfUser): { userId: string; role: string } {
  return { userId: checkedUserId(input.userId), role: checkedName(input.role, 'role') };
}

/** Of a core that knows no pages, and has answered all users. */
function pageOf(users: string[], limit: number, paginationToken: string | undefined): RoleHolders {
  const after = paginationToken === undefined ? '' : positionOf(paginationToken);
  const rest = users.filter((userId) => userId > after).sort();
  const page: RoleHolders = { status: 'OK', users: rest.slice(0, limit) };
  if (rest.length > limit) page.nextPaginationToken = paginationTokenOf(page.users.at(-1)!);
  return page;
}
