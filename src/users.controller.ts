import { Controller, Inject } from '@nestjs/common';
import { BadInputError } from '../lib/core/auth.error.js';
import { type AccountInfo, type LoginRecipeId, UsersCore } from '../lib/core/users.core.js';
import { SEARCH_TAGS, searchOfQuery, type UserQuery, type UserSearch } from '../lib/core/user-search.js';
import { CORE_SERVICE_OPTIONS, type CoreServiceOptions } from './core-service.options.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import type { QueryFields } from './wire/fields.js';
import { AppRoute, TenantRoute } from './wire/routes.js';
import { userAnswer } from './wire/user-answer.js';

const recipeIds: readonly string[] = ['emailpassword', 'thirdparty', 'passwordless', 'webauthn'];

@Controller()
export class UsersController {
  constructor(@Inject(CORE_SERVICE_OPTIONS) private readonly options: CoreServiceOptions) {}

  @TenantRoute('GET', 'users')
  async list(@CorePort(UsersCore) users: UsersCore, @Cdi() { tenantId, query, version }: CdiRequest) {
    const order = query.optionalText('timeJoinedOrder') ?? 'ASC';
    if (order !== 'ASC' && order !== 'DESC') throw new BadInputError('timeJoinedOrder can be either ASC OR DESC');
    const input = {
      tenantId,
      limit: query.optionalInteger('limit'),
      paginationToken: query.optionalText('paginationToken'),
      includeRecipeIds: this.includeRecipeIds(query),
      search: searchOf(query),
    };
    const page = await (order === 'ASC' ? users.getUsersOldestFirst(input) : users.getUsersNewestFirst(input));
    const { nextPaginationToken } = page;
    return {
      status: 'OK',
      users: page.users.map((user) => userAnswer(user, version)),
      ...(nextPaginationToken === undefined ? {} : { nextPaginationToken }),
    };
  }

  @TenantRoute('GET', 'users/count')
  async count(@CorePort(UsersCore) users: UsersCore, @Cdi() { tenantId, query }: CdiRequest) {
    const tenant = query.optionalBoolean('includeAllTenants') ? {} : { tenantId };
    const search = searchOf(query);
    const count = await users.getUserCount({ ...tenant, includeRecipeIds: this.includeRecipeIds(query), search });
    return { status: 'OK', count };
  }

  @AppRoute('GET', 'users/count/active')
  async countActive(@CorePort(UsersCore) users: UsersCore, @Cdi() { query }: CdiRequest) {
    const since = query.optionalInteger('since');
    if (since === undefined) throw new BadInputError("Field name 'since' is missing in GET request");
    return { status: 'OK', count: await users.getActiveUserCount({ sinceMs: since }) };
  }

  @AppRoute('GET', 'user/search/tags')
  tags() {
    return { status: 'OK', tags: SEARCH_TAGS };
  }

  @TenantRoute('GET', 'users/by-accountinfo')
  async byAccountInfo(@CorePort(UsersCore) users: UsersCore, @Cdi() { tenantId, query, version }: CdiRequest) {
    const isUnion = query.text('doUnionOfAccountInfo').toLowerCase() === 'true';
    const found = await users.listUsersByAccountInfos({ tenantId, accountInfos: accountInfos(query), isUnion });
    return { status: 'OK', users: found.map((user) => userAnswer(user, version)) };
  }

  @AppRoute('GET', 'user/id')
  async byId(@CorePort(UsersCore) users: UsersCore, @Cdi() { query, version }: CdiRequest) {
    const user = await users.getUser(query.text('userId'));
    return user === undefined ? { status: 'UNKNOWN_USER_ID_ERROR' } : { status: 'OK', user: userAnswer(user, version) };
  }

  @AppRoute('POST', 'user/remove')
  async remove(@CorePort(UsersCore) users: UsersCore, @Cdi() { body }: CdiRequest) {
    const userId = body.text('userId');
    const removesAll = body.optionalBoolean('removeAllLinkedAccounts') ?? true;
    const user = removesAll ? undefined : await users.getUser(userId);
    if (user !== undefined && user.loginMethods.length > 1) {
      throw new BadInputError('A user with several login methods is deleted with removeAllLinkedAccounts: true only');
    }
    await users.deleteUser(userId);
    return { status: 'OK' };
  }

  private includeRecipeIds(query: QueryFields): LoginRecipeId[] | undefined {
    const { parts = [] } = this.options;
    const texts = query.optionalTexts('includeRecipeIds');
    const unknown = texts?.find((id) => !recipeIds.includes(id) && !parts.some((part) => part.id === id));
    if (unknown !== undefined) throw new BadInputError('Unknown recipe ID in includeRecipeIds');
    return texts;
  }
}

function searchOf(query: QueryFields): UserSearch {
  const texts = SEARCH_TAGS.map((tag) => [tag, query.optionalText(tag)]);
  return searchOfQuery(Object.fromEntries(texts) as UserQuery);
}

/** One for each thing that is given. */
function accountInfos(query: QueryFields): AccountInfo[] {
  const [email, phoneNumber] = [query.optionalText('email'), query.optionalText('phoneNumber')];
  const [id, userId] = [query.optionalText('thirdPartyId'), query.optionalText('thirdPartyUserId')];
  if ((id === undefined) !== (userId === undefined)) {
    throw new BadInputError('If thirdPartyId is provided, thirdPartyUserId must also be provided, and vice versa');
  }
  const [recipeId, key] = [query.optionalText('recipeId'), query.optionalText('accountKey')];
  return [
    ...(recipeId === undefined || key === undefined ? [] : [{ accountKey: { recipeId, key } }]),
    ...(email === undefined ? [] : [{ email }]),
    ...(phoneNumber === undefined ? [] : [{ phoneNumber }]),
    ...(id === undefined || userId === undefined ? [] : [{ thirdParty: { id, userId } }]),
  ];
}
