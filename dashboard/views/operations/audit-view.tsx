import { useDashboard } from '../../elements/dashboard-context.js';
import { Empty, Loading } from '../../elements/loading.js';
import { Time } from '../../elements/time.js';
import { View } from '../../elements/view.js';
import { linkTo, usePlace } from '../../hooks/place.js';
import { useLoad } from '../../hooks/use-load.js';
import { wordsForAction } from './action-words.js';

interface AuditEntry {
  entryId: string;
  /** Milliseconds since the Unix epoch. */
  time: number;
  action: string;
  actor: { type: string; email?: string; userId?: string };
  tenantId?: string;
  userId?: string;
  address?: string;
  detail?: Record<string, unknown>;
}

interface AuditPage {
  isKept: boolean;
  entries: AuditEntry[];
  nextPaginationToken?: string;
}

/** What was done by the dashboard, the latest first. */
export function AuditView() {
  const { client } = useDashboard();
  const { query } = usePlace();
  const userId = query.get('userId') ?? undefined;
  const page = query.get('page') ?? undefined;
  const loaded = useLoad(
    (signal) => client.ask<AuditPage>('/audit', { signal, query: { limit: '50', userId, paginationToken: page } }),
    [userId, page],
  );

  return (
    <View title="Audit">
      <p class="note">
        {userId === undefined ? (
          'Every change that was made by the dashboard.'
        ) : (
          <>
            What was done to <a href={linkTo(['users', userId])}>{userId}</a> ·{' '}
            <a href={linkTo(['audit'])}>Everything</a>
          </>
        )}
      </p>
      <Loading loaded={loaded} lines={10}>
        {({ entries, isKept, nextPaginationToken }) => (
          <>
            {entries.length === 0 ? (
              <Empty>
                {isKept
                  ? 'Nothing was changed yet.'
                  : 'This core keeps no entries: they are in the log of the application.'}
              </Empty>
            ) : (
              <EntryTable entries={entries} />
            )}
            <nav class="pages" aria-label="Pages">
              {page !== undefined && <a href={linkTo(['audit'], { userId })}>Latest</a>}
              {nextPaginationToken !== undefined && (
                <a href={linkTo(['audit'], { userId, page: nextPaginationToken })}>Older</a>
              )}
            </nav>
          </>
        )}
      </Loading>
    </View>
  );
}

function EntryTable({ entries }: { entries: AuditEntry[] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">To whom</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ entryId, time, action, actor, userId, tenantId, address, detail = {} }) => (
          <tr key={entryId}>
            <td class="minor">
              <Time ms={time} />
            </td>
            <td>
              {actor.email ?? actor.userId ?? (actor.type === 'apiKey' ? 'API key' : actor.type)}
              {address !== undefined && <span class="minor"> from {address}</span>}
            </td>
            <td>
              <span title={action}>{wordsForAction(action)}</span>{' '}
              {Object.entries(detail).map(([name, value]) => (
                <span key={name} class="minor">
                  {name}: {typeof value === 'string' ? value : JSON.stringify(value)}{' '}
                </span>
              ))}
            </td>
            <td>
              {userId !== undefined && <a href={linkTo(['users', userId])}>{userId}</a>}
              {tenantId !== undefined && tenantId !== 'public' && <span class="minor"> in {tenantId}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
