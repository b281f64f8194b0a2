import { useState } from 'preact/hooks';
import type { User } from '../../client/answers.types.js';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Select } from '../../elements/field.js';
import { Empty, Loading } from '../../elements/loading.js';
import { useNotices } from '../../elements/notices.js';
import { useAction } from '../../elements/use-action.js';
import { Section } from '../../elements/view.js';
import { useLoad } from '../../hooks/use-load.js';
import { linkTo } from '../../hooks/place.js';

/** The roles of a user in one tenant. */
export function UserRoles({ user }: { user: User }) {
  const { client } = useDashboard();
  const notices = useNotices();
  const [run, isBusy] = useAction();
  const [tenantId, setTenantId] = useState(user.tenantIds[0] ?? 'public');
  const path = '/userroles/user/roles';
  const all = useLoad((signal) => client.ask<{ roles: string[] }>('/userroles/roles', { signal }), []);
  const loaded = useLoad(
    (signal) => client.ask<{ roles: string[] }>(path, { signal, tenantId, query: { userId: user.id } }),
    [user.id, tenantId],
  );

  async function give(role: string): Promise<void> {
    await client.ask(path, { method: 'PUT', tenantId, body: { userId: user.id, role } });
    await loaded.reload();
  }

  async function take(role: string): Promise<void> {
    await client.ask(path, { method: 'DELETE', tenantId, query: { userId: user.id, role } });
    await loaded.reload();
  }

  const giveAndTell = (role: string) =>
    run(async () => {
      await give(role);
      notices.done(`The role ${role} is given.`, () => take(role));
    });
  const takeAndTell = (role: string) =>
    run(async () => {
      await take(role);
      notices.done(`The role ${role} is taken.`, () => give(role));
    });

  return (
    <Section title="Roles">
      {user.tenantIds.length > 1 && (
        <Select label="In tenant" value={tenantId} options={user.tenantIds} onValue={setTenantId} />
      )}
      <Loading loaded={loaded} lines={2}>
        {({ roles }) => {
          const others = (all.value?.roles ?? []).filter((role) => !roles.includes(role));
          return (
            <>
              {roles.length === 0 && <Empty>No roles.</Empty>}
              <ul class="list">
                {roles.map((role) => (
                  <li key={role}>
                    <a class="main-text" href={linkTo(['roles', role])}>
                      {role}
                    </a>
                    <Writers>
                      <Button
                        kind="quiet"
                        isBusy={isBusy}
                        label={`Take away the role ${role}`}
                        onClick={() => void takeAndTell(role)}
                      >
                        Take away
                      </Button>
                    </Writers>
                  </li>
                ))}
              </ul>
              <Writers>
                {others.length > 0 && <GiveRole key={others.join()} roles={others} onGive={giveAndTell} />}
              </Writers>
            </>
          );
        }}
      </Loading>
    </Section>
  );
}

function GiveRole({ roles, onGive }: { roles: string[]; onGive: (role: string) => Promise<void> }) {
  const [role, setRole] = useState(roles[0]!);
  return (
    <form
      class="inline-form"
      aria-label="Give a role"
      onSubmit={(event) => {
        event.preventDefault();
        void onGive(role);
      }}
    >
      <Select label="Another role" isLabelHidden value={role} options={roles} onValue={setRole} />
      <Button type="submit">Give role</Button>
    </form>
  );
}
