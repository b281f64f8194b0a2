import { z } from 'zod';
import { BadInputError } from '../auth.error.js';
import { invalidPaginationToken } from '../pagination-token.js';
import { normaliseEmail } from '../email-address.js';
import {
  type AccountInfo,
  assertOneAccountInfo,
  checkedLimit,
  checkedTime,
  type User,
  type UserCountInput,
  type UserListInput,
  type UserPage,
  UsersCore,
} from '../users.core.js';
import { checkedSearch } from '../user-search.js';
import { ok, statusOf, user } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { canBeLookedUp } from './core-path.js';
import { mergePages, type TenantPageInput, type TimeJoinedOrder } from './merged-user-pages.js';
import type { RemoteTenantsCore } from './remote-tenants.core.js';

/** What fits into a query; one that was merged holds every tenant, and is not sent. */
const MAX_TOKEN_LENGTH = 8192;
const MAX_MERGED_TOKEN_LENGTH = 262_144;

const found = z.discriminatedUnion('status', [ok.extend({ user }), statusOf('UNKNOWN_USER_ID_ERROR')]);
const counted = ok.extend({ count: z.number() });
const matching = ok.extend({ users: z.array(user) });
const listed = ok.extend({
  // Wrapped in the specification, bare in what is in use.
  users: z.array(z.union([user, z.object({ user }).transform((entry) => entry.user)])),
  nextPaginationToken: z.string().nullish(),
});

export class RemoteUsersCore extends UsersCore {
  constructor(
    private readonly client: CoreClient,
    private readonly tenants: RemoteTenantsCore,
  ) {
    super();
  }

  async getUser(userId: string): Promise<User | undefined> {
    if (!canBeLookedUp(userId)) return undefined;
    const result = await this.client.call({ method: 'GET', path: '/user/id', query: { userId }, answer: found });
    return result.status === 'OK' ? result.user : undefined;
  }

  async getUsersOldestFirst(input: UserListInput): Promise<UserPage> {
    return this.page(input, 'ASC');
  }

  async getUsersNewestFirst(input: UserListInput): Promise<UserPage> {
    return this.page(input, 'DESC');
  }

  async getUserCount(input: UserCountInput): Promise<number> {
    const { tenantId, includeRecipeIds } = input;
    const query = {
      includeRecipeIds: listOf(includeRecipeIds),
      includeAllTenants: tenantId === undefined,
      ...searchQuery(input),
    };
    const { count } = await this.client.call({ method: 'GET', path: '/users/count', tenantId, query, answer: counted });
    return count;
  }

  async getActiveUserCount({ sinceMs }: { sinceMs: number }): Promise<number> {
    const query = { since: checkedTime(sinceMs) };
    return (await this.client.call({ method: 'GET', path: '/users/count/active', query, answer: counted })).count;
  }

  async listUsersByAccountInfo(input: { tenantId: string; accountInfo: AccountInfo }): Promise<User[]> {
    const { tenantId, accountInfo } = input;
    const { email, phoneNumber, thirdParty, accountKey } = accountInfo;
    assertOneAccountInfo(accountInfo);
    const info = {
      email: email === undefined ? undefined : normaliseEmail(email),
      phoneNumber,
      thirdPartyId: thirdParty?.id,
      thirdPartyUserId: thirdParty?.userId,
      recipeId: accountKey?.recipeId,
      accountKey: accountKey?.key,
    };
    const path = '/users/by-accountinfo';
    // With a name that nobody has, so that the tenant is asked for as well.
    const isPossible = Object.values(info).every((text) => text === undefined || canBeLookedUp(text));
    const query = { ...(isPossible ? info : { email: '-' }), doUnionOfAccountInfo: false };
    const { users } = await this.client.call({ method: 'GET', path, tenantId, query, answer: matching });
    return isPossible ? users : [];
  }

  async deleteUser(userId: string): Promise<{ status: 'OK' }> {
    const body = { userId, removeAllLinkedAccounts: true };
    return this.client.call({ method: 'POST', path: '/user/remove', body, isRepeatable: true, answer: ok });
  }

  private async page(input: UserListInput, order: TimeJoinedOrder): Promise<UserPage> {
    const { tenantId, paginationToken, includeRecipeIds } = input;
    const limit = checkedLimit(input.limit);
    if (paginationToken !== undefined && !isPossibleToken(paginationToken, tenantId === undefined)) {
      throw invalidPaginationToken();
    }
    const search = searchQuery(input);
    const pageOf = (of: TenantPageInput) => this.pageOfTenant({ ...of, includeRecipeIds, search }, order);
    if (tenantId !== undefined) return pageOf({ tenantId, limit, paginationToken });
    const tenantIds = () => this.tenants.listTenants();
    return mergePages({ limit, paginationToken, order, tenantIds, pageOf });
  }

  private async pageOfTenant(
    input: TenantPageInput & Pick<UserListInput, 'includeRecipeIds'> & { search: SearchQuery },
    timeJoinedOrder: TimeJoinedOrder,
  ): Promise<UserPage> {
    const { tenantId, limit, paginationToken, includeRecipeIds, search } = input;
    const query = { limit, paginationToken, timeJoinedOrder, includeRecipeIds: listOf(includeRecipeIds), ...search };
    const answer = await this.client.call({ method: 'GET', path: '/users', tenantId, query, answer: listed });
    const { users, nextPaginationToken } = answer;
    return nextPaginationToken == null ? { users } : { users, nextPaginationToken };
  }
}

function listOf(texts: readonly string[] | undefined, separator = ','): string | undefined {
  return texts?.length ? texts.join(separator) : undefined;
}

interface SearchQuery {
  email?: string;
  phone?: string;
  provider?: string;
}

/** @throws {BadInputError} a malformed search, or a text that the wire cannot carry */
function searchQuery(input: UserCountInput): SearchQuery {
  const { emails, phoneNumbers, thirdPartyIds } = checkedSearch(input.search) ?? {};
  return { email: searchTexts(emails), phone: searchTexts(phoneNumbers), provider: searchTexts(thirdPartyIds) };
}

function searchTexts(texts: readonly string[] = []): string | undefined {
  if (texts.some((text) => text.includes(';')))
    throw new BadInputError('A core service finds no text with a semicolon');
  return listOf(texts, ';');
}

function isPossibleToken(token: unknown, isMerged: boolean): boolean {
  const maxLength = isMerged ? MAX_MERGED_TOKEN_LENGTH : MAX_TOKEN_LENGTH;
  return typeof token === 'string' && token.length <= maxLength && /^[\w+/=.;-]+$/.test(token);
}
