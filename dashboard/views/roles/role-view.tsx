import { useState } from 'preact/hooks';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Confirmation } from '../../elements/dialog.js';
import { Field } from '../../elements/field.js';
import { Empty, Loading } from '../../elements/loading.js';
import { useNotices } from '../../elements/notices.js';
import { useAction } from '../../elements/use-action.js';
import { Section, View } from '../../elements/view.js';
import { goTo, linkTo } from '../../hooks/place.js';
import { useLoad } from '../../hooks/use-load.js';

/** A role and what it permits. */
export function RoleView({ role }: { role: string }) {
  const { client } = useDashboard();
  const notices = useNotices();
  const [run, isBusy] = useAction();
  const [asks, setAsks] = useState(false);
  const loaded = useLoad(
    (signal) => client.ask<{ permissions: string[] }>('/userroles/role/permissions', { signal, query: { role } }),
    [role],
  );

  async function add(permission: string): Promise<void> {
    await client.ask('/userroles/role', { method: 'PUT', body: { role, permissions: [permission] } });
    await loaded.reload();
  }

  async function remove(permission: string): Promise<void> {
    const body = { role, permissions: [permission] };
    await client.ask('/userroles/role/permissions/remove', { method: 'PUT', body });
    await loaded.reload();
  }

  async function removeRole(): Promise<void> {
    await client.ask('/userroles/role', { method: 'DELETE', query: { role } });
    notices.done(`The role ${role} is deleted.`);
    goTo(linkTo(['roles']), { replaces: true });
  }

  const addAndTell = (permission: string) =>
    run(async () => {
      await add(permission);
      notices.done(`${role} has the permission ${permission}.`, () => remove(permission));
    });
  const removeAndTell = (permission: string) =>
    run(async () => {
      await remove(permission);
      notices.done(`${role} has lost the permission ${permission}.`, () => add(permission));
    });

  return (
    <View
      title={role}
      actions={
        <Writers>
          <Button kind="danger" onClick={() => setAsks(true)}>
            Delete role
          </Button>
        </Writers>
      }
    >
      <p class="note">
        <a href={linkTo(['roles'])}>All roles</a>
      </p>
      <Section title="Permissions">
        <Loading loaded={loaded}>
          {({ permissions }) => (
            <>
              {permissions.length === 0 && <Empty>This role permits nothing yet.</Empty>}
              <ul class="list">
                {permissions.map((permission) => (
                  <li key={permission}>
                    <code class="main-text">{permission}</code>
                    <Writers>
                      <Button
                        kind="quiet"
                        isBusy={isBusy}
                        label={`Remove ${permission}`}
                        onClick={() => void removeAndTell(permission)}
                      >
                        Remove
                      </Button>
                    </Writers>
                  </li>
                ))}
              </ul>
              <Writers>
                <NewPermission onAdd={addAndTell} />
              </Writers>
            </>
          )}
        </Loading>
      </Section>
      {asks && (
        <Confirmation
          title={`Delete the role ${role}?`}
          action="Delete role"
          typed={role}
          onConfirm={removeRole}
          onClose={() => setAsks(false)}
        >
          <p>Everybody who has the role loses it. This cannot be undone.</p>
        </Confirmation>
      )}
    </View>
  );
}

function NewPermission({ onAdd }: { onAdd: (permission: string) => Promise<void> }) {
  const [permission, setPermission] = useState('');
  return (
    <form
      class="inline-form"
      aria-label="Add a permission"
      onSubmit={(event) => {
        event.preventDefault();
        if (permission.trim() === '') return;
        void onAdd(permission.trim());
        setPermission('');
      }}
    >
      <Field label="New permission" value={permission} onValue={setPermission} autocomplete="off" />
      <Button type="submit">Add</Button>
    </form>
  );
}
