import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { SessionInformation } from '../../client/answers.types.js';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Confirmation } from '../../elements/dialog.js';
import { Empty, Loading } from '../../elements/loading.js';
import { useNotices } from '../../elements/notices.js';
import { Tag } from '../../elements/tag.js';
import { Time } from '../../elements/time.js';
import { useAction } from '../../elements/use-action.js';
import { Section } from '../../elements/view.js';
import { useLoad } from '../../hooks/use-load.js';
import { deviceOf } from './session-device.js';

/** Where a user is signed in. */
export function UserSessions({ userId }: { userId: string }) {
  const { client } = useDashboard();
  const notices = useNotices();
  const [run, isBusy] = useAction();
  const [asks, setAsks] = useState(false);
  const loaded = useLoad(
    (signal) => client.ask<{ sessions: SessionInformation[] }>('/user/sessions', { signal, query: { userId } }),
    [userId],
  );
  const sessions = loaded.value?.sessions ?? [];

  async function end(sessionHandles: string[]): Promise<void> {
    await client.ask('/user/sessions', { method: 'POST', body: { sessionHandles } });
    setAsks(false);
    notices.done(sessionHandles.length === 1 ? 'The session is ended.' : 'All sessions are ended.');
    await loaded.reload();
  }

  return (
    <Section
      title="Devices"
      actions={
        <Writers>
          {sessions.length > 1 && (
            <Button kind="quiet" onClick={() => setAsks(true)}>
              End all
            </Button>
          )}
        </Writers>
      }
    >
      <Loading loaded={loaded} lines={2}>
        {({ sessions }) =>
          sessions.length === 0 ? (
            <Empty>Signed in nowhere.</Empty>
          ) : (
            <ul class="list">
              {sessions.map((session) => (
                <Device key={session.sessionHandle} session={session}>
                  <Button
                    kind="quiet"
                    isBusy={isBusy}
                    label={`End session ${session.sessionHandle}`}
                    onClick={() => void run(() => end([session.sessionHandle]))}
                  >
                    End
                  </Button>
                </Device>
              ))}
            </ul>
          )
        }
      </Loading>
      {asks && (
        <Confirmation
          title="End all sessions?"
          action={`End ${sessions.length} sessions`}
          onConfirm={() => end(sessions.map(({ sessionHandle }) => sessionHandle))}
          onClose={() => setAsks(false)}
        >
          <p>The user is signed out everywhere, and has to sign in again.</p>
        </Confirmation>
      )}
    </Section>
  );
}

function Device({ session, children }: { session: SessionInformation; children: ComponentChildren }) {
  const { name, userAgent, address, lastUsedAtMs } = deviceOf(session.sessionDataInDatabase);
  return (
    <li>
      <div class="main-text">
        <strong title={userAgent}>{name ?? 'Session'}</strong>{' '}
        {session.tenantId !== 'public' && <Tag>{session.tenantId}</Tag>}
        <div class="minor">
          {address !== undefined && <>{address} · </>}
          {lastUsedAtMs !== undefined && (
            <>
              used <Time ms={lastUsedAtMs} /> ·{' '}
            </>
          )}
          signed in <Time ms={session.timeCreated} /> · ends <Time ms={session.expiry} />
          {name === undefined && (
            <>
              {' '}
              · <code>{session.sessionHandle}</code>
            </>
          )}
        </div>
      </div>
      <Writers>{children}</Writers>
    </li>
  );
}
