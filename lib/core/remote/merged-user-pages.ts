import { z } from 'zod';
import { UnknownTenantError } from '../auth.error.js';
import { invalidPaginationToken, paginationTokenOf, positionOf } from '../pagination-token.js';
import type { User, UserPage } from '../users.core.js';

export type TimeJoinedOrder = 'ASC' | 'DESC';

export interface TenantPageInput {
  tenantId: string;
  limit: number;
  paginationToken?: string;
}

interface MergeInput {
  limit: number;
  /** Of a page that was merged before. */
  paginationToken: string | undefined;
  order: TimeJoinedOrder;
  tenantIds(): Promise<string[]>;
  pageOf(input: TenantPageInput): Promise<UserPage>;
}

/** Where each tenant's page began, and the last moment of joining that was shown, with those shown of it. */
const position = z.object({
  tenants: z.array(z.tuple([z.string(), z.string().nullable()])),
  joinedMs: z.number().nullable(),
  shownIds: z.array(z.string()),
});
type Position = z.infer<typeof position>;

/**
 * One page of the users of all tenants: the core lists those of one tenant only. What a page of a tenant held beyond
 * what was shown is asked for again with the next page, so that a user who is deleted meanwhile moves nobody.
 */
export async function mergePages({ limit, paginationToken, order, tenantIds, pageOf }: MergeInput): Promise<UserPage> {
  const before = paginationToken === undefined ? await start(tenantIds) : read(paginationToken);
  const isAhead = (user: User) => isAfter(user, before, order);
  const pages = await Promise.all(
    before.tenants.map(async ([tenantId, token]) => ahead(pageOf, { tenantId, limit }, token, isAhead)),
  );

  // A user may be in several tenants.
  const waiting = new Map(pages.flatMap(({ users }) => users.map((user) => [user.id, user])));
  const inOrder = [...waiting.values()].sort((left, right) => compare(left, right, order));
  const users = inOrder.slice(0, limit);
  const isLast = inOrder.length <= limit && pages.every(({ next }) => next === undefined);
  const last = users.at(-1);
  if (isLast || last === undefined) return { users };

  const shown = users.filter(({ timeJoined }) => timeJoined === last.timeJoined).map(({ id }) => id);
  const shownIds = last.timeJoined === before.joinedMs ? [...before.shownIds, ...shown] : shown;
  const tenants = pages.map(({ tenantId, token }): [string, string | null] => [tenantId, token]);
  return { users, nextPaginationToken: write({ tenants, joinedMs: last.timeJoined, shownIds }) };
}

interface TenantUsers {
  tenantId: string;
  /** Of the first page in which there is somebody who was not shown yet. */
  token: string | null;
  users: User[];
  next: string | undefined;
}

/** As many as one page can show of a tenant, or all that are left. */
async function ahead(
  pageOf: MergeInput['pageOf'],
  input: { tenantId: string; limit: number },
  from: string | null,
  isAhead: (user: User) => boolean,
): Promise<TenantUsers> {
  const { tenantId, limit } = input;
  const found: User[] = [];
  let start = from;
  let token = from;
  for (;;) {
    const page = await pageUnlessDeleted(pageOf, { tenantId, limit, paginationToken: token ?? undefined });
    const next = page.nextPaginationToken;
    found.push(...page.users.filter(isAhead));
    if (found.length >= limit || next === undefined) return { tenantId, token: start, users: found, next };
    if (found.length === 0) start = next;
    token = next;
  }
}

async function pageUnlessDeleted(pageOf: MergeInput['pageOf'], input: TenantPageInput): Promise<UserPage> {
  try {
    return await pageOf(input);
  } catch (error) {
    if (error instanceof UnknownTenantError) return { users: [] };
    throw error;
  }
}

async function start(tenantIds: () => Promise<string[]>): Promise<Position> {
  return { tenants: (await tenantIds()).map((tenantId) => [tenantId, null]), joinedMs: null, shownIds: [] };
}

function isAfter({ id, timeJoined }: User, { joinedMs, shownIds }: Position, order: TimeJoinedOrder): boolean {
  if (joinedMs === null) return true;
  if (timeJoined === joinedMs) return !shownIds.includes(id);
  return order === 'ASC' ? timeJoined > joinedMs : timeJoined < joinedMs;
}

function compare(left: User, right: User, order: TimeJoinedOrder): number {
  const ascending = left.timeJoined - right.timeJoined || (left.id < right.id ? -1 : 1);
  return order === 'ASC' ? ascending : -ascending;
}

function write(at: Position): string {
  return paginationTokenOf(JSON.stringify(at));
}

function read(token: string): Position {
  try {
    return position.parse(JSON.parse(positionOf(token, Infinity)));
  } catch {
    throw invalidPaginationToken();
  }
}
