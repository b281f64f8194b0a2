import { useRef, useState } from 'preact/hooks';
import type { TenantSummary, UserPage } from '../../client/answers.types.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Select } from '../../elements/field.js';
import { Empty, Loading } from '../../elements/loading.js';
import { View } from '../../elements/view.js';
import { goTo, linkTo, usePlace } from '../../hooks/place.js';
import { useLoad } from '../../hooks/use-load.js';
import { UserTable } from './user-table.js';

const PAGE_SIZE = '25';
const DEBOUNCE_MS = 120;
const SEARCHES = [
  ['email', 'Email'],
  ['phone', 'Phone'],
  ['provider', 'Provider'],
] as const;
type SearchTag = (typeof SEARCHES)[number][0];

/** All users, or those that a search finds. What is searched for is in the address, so a link leads to it. */
export function UsersView() {
  const { client } = useDashboard();
  const { query } = usePlace();
  const tag = SEARCHES.map(([name]) => name).find((name) => query.has(name)) ?? 'email';
  const text = query.get(tag) ?? '';
  const order = query.get('order') === 'ASC' ? 'ASC' : 'DESC';
  const page = query.get('page') ?? undefined;
  const tenantId = query.get('tenant') ?? 'public';
  const [chosenTag, setTag] = useState<SearchTag>(tag);
  const isTyping = useRef(false);

  const tenants = useLoad((signal) => client.ask<{ tenants: TenantSummary[] }>('/tenants', { signal }), []);
  const tenantIds = tenants.value?.tenants.map((tenant) => tenant.tenantId) ?? [];
  const count = useLoad((signal) => client.ask<{ count: number }>('/users/count', { signal, tenantId }), [tenantId]);
  const users = useLoad(
    (signal) => {
      isTyping.current = false;
      const search = { limit: PAGE_SIZE, timeJoinedOrder: order, paginationToken: page, [tag]: text || undefined };
      return client.ask<UserPage>('/users', { signal, tenantId, query: search });
    },
    [tag, text, order, page, tenantId],
    isTyping.current ? DEBOUNCE_MS : 0,
  );

  /** What differs from the whole list is in the address. */
  const linkWith = (change: { tag?: SearchTag; text?: string; order?: string; tenantId?: string; page?: string }) => {
    const next = { tag, text, order, tenantId, ...change };
    return linkTo(['users'], {
      tenant: next.tenantId === 'public' ? undefined : next.tenantId,
      [next.tag]: next.text.trimStart(),
      order: next.order === 'ASC' ? 'ASC' : undefined,
      page: next.page,
    });
  };

  function search(change: Parameters<typeof linkWith>[0]): void {
    isTyping.current = change.text !== undefined;
    goTo(linkWith(change), { replaces: true });
  }

  return (
    <View
      title="Users"
      actions={
        <Writers>
          <a class="button main" href={linkTo(['users', 'new'])}>
            Create user
          </a>
        </Writers>
      }
    >
      <form role="search" class="toolbar" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          aria-label="Search users"
          placeholder={PLACEHOLDERS[chosenTag]}
          value={text}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          onInput={(event) => search({ tag: chosenTag, text: event.currentTarget.value })}
        />
        <Select
          label="Search by"
          isLabelHidden
          value={chosenTag}
          options={SEARCHES}
          onValue={(value) => {
            setTag(value as SearchTag);
            if (text !== '') search({ tag: value as SearchTag });
          }}
        />
        <Select
          label="Order"
          isLabelHidden
          value={order}
          options={[
            ['DESC', 'Newest'],
            ['ASC', 'Oldest'],
          ]}
          onValue={(order) => search({ order })}
        />
        {tenantIds.length > 1 && (
          <Select
            label="Tenant"
            isLabelHidden
            value={tenantId}
            options={tenantIds}
            onValue={(tenantId) => search({ tenantId })}
          />
        )}
      </form>
      <Loading loaded={users} lines={12}>
        {({ users: list, nextPaginationToken }) => (
          <>
            <p class="summary" role="status">
              {summary(list.length, text, page, count.value?.count)}
            </p>
            {list.length === 0 ? (
              <Empty>
                {text === '' ? 'Nobody has signed up yet.' : `No user has ${WHAT[tag]} that begins with “${text}”.`}
              </Empty>
            ) : (
              <UserTable users={list} />
            )}
            <nav class="pages" aria-label="Pages">
              {page !== undefined && <a href={linkWith({})}>First page</a>}
              {nextPaginationToken !== undefined && <a href={linkWith({ page: nextPaginationToken })}>Next page</a>}
            </nav>
          </>
        )}
      </Loading>
    </View>
  );
}

const PLACEHOLDERS: Record<SearchTag, string> = {
  email: 'ada@ or example.com',
  phone: '+49 …',
  provider: 'google',
};
const WHAT: Record<SearchTag, string> = { email: 'an email address', phone: 'a phone number', provider: 'a provider' };

function summary(shown: number, text: string, page: string | undefined, all: number | undefined): string {
  if (text !== '') return `${shown}${shown === Number(PAGE_SIZE) ? ' or more' : ''} found`;
  if (all === undefined) return ' ';
  const total = `${all.toLocaleString('en')} ${all === 1 ? 'user' : 'users'}`;
  return page === undefined ? total : `${total}, later page`;
}
