import type { ComponentChildren } from 'preact';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Loading } from '../../elements/loading.js';
import { useNotices } from '../../elements/notices.js';
import { Tag } from '../../elements/tag.js';
import { useAction } from '../../elements/use-action.js';
import { View } from '../../elements/view.js';
import { useLoad } from '../../hooks/use-load.js';

interface Health {
  database: { isReachable: boolean; message?: string };
  outbox?: { waiting: number; oldestSeconds?: number; givenUp: number };
  signingKey?: { ageSeconds: number; isDue: boolean };
  revocations: 'CURRENT' | 'BEHIND' | 'OFF';
}

const REVOCATIONS: Record<string, [kind: 'good' | 'warn' | undefined, text: string]> = {
  CURRENT: ['good', 'known at once'],
  BEHIND: ['warn', 'behind: revoked tokens may still be accepted'],
  OFF: [undefined, 'off: revoked tokens are accepted until they expire'],
};

/** Whether the application can do its work. */
export function HealthView() {
  const { client } = useDashboard();
  const notices = useNotices();
  const [run, isBusy] = useAction();
  const loaded = useLoad((signal) => client.ask<Health>('/health', { signal }), []);

  async function retry(): Promise<void> {
    const { retried } = await client.ask<{ retried: number }>('/outbox/retry', { method: 'POST', body: {} });
    notices.done(retried === 1 ? 'One message is sent again.' : `${retried} messages are sent again.`);
    await loaded.reload();
  }

  return (
    <View
      title="Health"
      actions={
        <Button isBusy={loaded.isLoading} onClick={() => void loaded.reload()}>
          Check again
        </Button>
      }
    >
      <Loading loaded={loaded} lines={6}>
        {({ database, outbox, signingKey, revocations }) => {
          const [kind, text] = REVOCATIONS[revocations] ?? [undefined, revocations];
          return (
            <ul class="list box">
              <State name="Database" kind={database.isReachable ? 'good' : 'bad'} text={answers(database.isReachable)}>
                {database.message}
              </State>
              {outbox === undefined ? (
                <State name="Messages" text="kept by the core in another process" />
              ) : (
                <State name="Messages" kind={outbox.givenUp > 0 ? 'bad' : 'good'} text={`${outbox.givenUp} given up`}>
                  {outbox.waiting} waiting
                  {outbox.oldestSeconds !== undefined && `, the oldest for ${duration(outbox.oldestSeconds)}`}
                  {outbox.waiting + outbox.givenUp > 0 && (
                    <Writers>
                      {' '}
                      <Button kind="quiet" isBusy={isBusy} onClick={() => void run(retry)}>
                        Retry now
                      </Button>
                    </Writers>
                  )}
                </State>
              )}
              {signingKey === undefined ? (
                <State name="Signing key" text="kept by the core in another process" />
              ) : (
                <State
                  name="Signing key"
                  kind={signingKey.isDue ? 'warn' : 'good'}
                  text={signingKey.isDue ? 'should have been replaced' : 'is replaced in time'}
                >
                  {duration(signingKey.ageSeconds)} old
                </State>
              )}
              <State name="Revocations" kind={kind} text={text} />
            </ul>
          );
        }}
      </Loading>
    </View>
  );
}

interface StateProps {
  name: string;
  kind?: 'good' | 'warn' | 'bad';
  text: string;
  children?: ComponentChildren;
}

function State({ name, kind, text, children }: StateProps) {
  return (
    <li>
      <span class="name">{name}</span>
      <span class="main-text">
        <Tag kind={kind}>{text}</Tag> <span class="minor">{children}</span>
      </span>
    </li>
  );
}

function answers(isReachable: boolean): string {
  return isReachable ? 'answers' : 'does not answer';
}

const UNITS: [seconds: number, unit: string][] = [
  [86_400, 'days'],
  [3600, 'hours'],
  [60, 'minutes'],
];

function duration(seconds: number): string {
  const [size, unit] = UNITS.find(([size]) => seconds >= 2 * size) ?? [1, 'seconds'];
  return `${Math.floor(seconds / size)} ${unit}`;
}
