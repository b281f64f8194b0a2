import {
  type Expression,
  type ExpressionBuilder,
  type Kysely,
  type SelectQueryBuilder,
  sql,
  type SqlBool,
} from 'kysely';
import type { UserSearch } from '../../user-search.js';
import type { LoginMethodsTable, Tables } from './tables.js';

type Methods = Tables & { method: LoginMethodsTable };
type Condition = (eb: ExpressionBuilder<Methods, 'method'>) => Expression<SqlBool>;
type UserIds = SelectQueryBuilder<Methods, 'method', { user_id: string }>;

/** Sorts after every text that begins with the one before it: nothing that UTF-8 can hold is greater. */
const LAST = '\u{10ffff}';

/** From as many matches on, users are asked in the order of joining whether the search matches them: most pages are full soon. */
export const MANY_MATCHES = 10_000;

/**
 * The users who have a login method that a search matches, each once. Every text is one walk along an index, of which the rest of
 * the search is asked: the cost is that of the matches, whatever the number of users.
 *
 * @param search as `checkedSearch` returned it
 */
export function usersFound(db: Kysely<Tables>, search: UserSearch, tenantId: string | undefined): UserIds {
  const [walked, ...others] = conditionsOf(search);
  const [first, ...more] = walked!.map((condition) => usersWhere(db, condition, others, tenantId));
  return more.reduce((query, another) => query.union(another) as UserIds, first!);
}

/** Whether one text of a search, such as a single letter or everybody's domain, matches so many login methods. */
export async function matchesMany(db: Kysely<Tables>, search: UserSearch, many: number): Promise<boolean> {
  for (const condition of conditionsOf(search)[0]!) {
    const last = await db
      .selectFrom('latchkey_login_methods as method')
      .select('method.recipe_user_id')
      .where((eb) => condition(eb as never))
      .offset(many - 1)
      .limit(1)
      .executeTakeFirst();
    if (last !== undefined) return true;
  }
  return false;
}

/** The login methods of the user `listed.user_id` that a search matches. */
export function methodsOfListedFound(db: Kysely<Tables>, search: UserSearch, tenantId: string | undefined): UserIds {
  return usersWhere(db, isOfListed, conditionsOf(search), tenantId);
}

/** Never an index of what a search matches: those are many, and the methods of a user are few. */
function isOfListed(eb: Parameters<Condition>[0]): ReturnType<Condition> {
  return eb('method.user_id', '=', sql.ref<string>('listed.user_id'));
}

/** By what a search names, each a list of which one is to hold. */
function conditionsOf(search: UserSearch): Condition[][] {
  return [
    (search.emails ?? []).flatMap((text) => [beginning('method.email', text), domainBeginning(text)]),
    (search.phoneNumbers ?? []).map((text) => beginning('method.phone_number', text)),
    (search.thirdPartyIds ?? []).map((text) => beginning('method.third_party_id', text)),
  ].filter((conditions) => conditions.length > 0);
}

function usersWhere(
  db: Kysely<Tables>,
  condition: Condition,
  others: Condition[][],
  tenantId: string | undefined,
): UserIds {
  let query = db
    .selectFrom('latchkey_login_methods as method')
    .select('method.user_id')
    .distinct()
    .where((eb) => condition(eb as never)) as unknown as UserIds;
  for (const conditions of others) query = query.where((eb) => eb.or(conditions.map((other) => other(eb))));
  if (tenantId === undefined) return query;
  return query.where(({ exists, selectFrom }) =>
    exists(
      selectFrom('latchkey_login_method_tenants as member')
        .select('member.recipe_user_id')
        .whereRef('member.recipe_user_id', '=', 'method.recipe_user_id')
        .where('member.tenant_id', '=', tenantId),
    ),
  );
}

function beginning(column: 'method.email' | 'method.phone_number' | 'method.third_party_id', text: string): Condition {
  return (eb) => eb.and([eb(column, '>=', text), eb(column, '<', text + LAST)]);
}

function domainBeginning(text: string): Condition {
  return (eb) => {
    const domain = emailDomain(eb.ref('method.email'));
    return eb.and([eb(domain, '>=', text), eb(domain, '<', text + LAST)]);
  };
}

/** What follows the last `@`, by functions that both databases have. Migration 0013 has an index of it: it must stay as it is. */
function emailDomain(email: Expression<string | null>) {
  return sql<string>`substr(${email}, length(rtrim(${email}, replace(${email}, '@', ''))) + 1)`;
}
