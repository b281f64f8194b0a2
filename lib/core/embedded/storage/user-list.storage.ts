import type { Selectable } from 'kysely';
import type { LoginRecipeId } from '../../users.core.js';
import type { UserSearch } from '../../user-search.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { UsersTable } from './tables.js';
import { MANY_MATCHES, matchesMany, methodsOfListedFound, usersFound } from './user-search.js';

export interface UserFilter {
  tenantId?: string | undefined;
  recipeIds?: LoginRecipeId[] | undefined;
  search?: UserSearch | undefined;
}

/** A place in the order of joining. */
export type UserPosition = Pick<Selectable<UsersTable>, 'user_id' | 'time_joined_ms'>;

/** Who the users are, page by page, in the order of joining. */
export class UserListStorage {
  /** @param manyMatches from how many on a search is answered in the order of joining */
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly manyMatches: number = MANY_MATCHES,
  ) {}

  async page(
    filter: UserFilter,
    order: 'asc' | 'desc',
    after: UserPosition | undefined,
    limit: number,
  ): Promise<UserPosition[]> {
    let query = await this.listed(filter);
    if (after !== undefined) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('listed.time_joined_ms', 'listed.user_id'),
          order === 'asc' ? '>' : '<',
          tuple(after.time_joined_ms, after.user_id),
        ),
      );
    }
    return query
      .select(['listed.user_id', 'listed.time_joined_ms'])
      .orderBy('listed.time_joined_ms', order)
      .orderBy('listed.user_id', order)
      .limit(limit)
      .execute();
  }

  async count(filter: UserFilter): Promise<number> {
    const query = await this.listed(filter);
    const row = await query.select(({ fn }) => fn.countAll<number>().as('users')).executeTakeFirstOrThrow();
    return Number(row.users);
  }

  private async listed({ tenantId, recipeIds, search }: UserFilter) {
    const db = await this.database.tables();
    // Both tables have the two columns a page needs, each with an index in that order.
    const table = (
      tenantId === undefined ? 'latchkey_users as listed' : 'latchkey_user_tenants as listed'
    ) as 'latchkey_users as listed';
    const everybody = () => db.selectFrom(table);
    // A cross join, which SQLite does in the order in which it is written: from the few who are found, to when they joined.
    const some = () =>
      db
        .selectFrom(usersFound(db, search!, tenantId).as('found'))
        .crossJoin(table)
        .whereRef('listed.user_id', '=', 'found.user_id');
    const those = () => everybody().where(({ exists }) => exists(methodsOfListedFound(db, search!, tenantId)));
    const isWide = search !== undefined && (await matchesMany(db, search, this.manyMatches));
    const found = () => (isWide ? those() : (some() as unknown as ReturnType<typeof everybody>));
    const listed = search === undefined ? everybody() : found();
    return listed
      .$if(tenantId !== undefined, (query) =>
        query.where(db.dynamic.ref<'listed.user_id'>('listed.tenant_id'), '=', tenantId!),
      )
      .$if(recipeIds !== undefined, (query) =>
        query.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('latchkey_login_methods as method')
              .select('method.recipe_id')
              .whereRef('method.user_id', '=', 'listed.user_id')
              .where('method.recipe_id', 'in', recipeIds!),
          ),
        ),
      );
  }
}
