import { useState } from 'preact/hooks';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Dialog } from '../../elements/dialog.js';
import { Field } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { Empty, Loading } from '../../elements/loading.js';
import { View } from '../../elements/view.js';
import { goTo, linkTo } from '../../hooks/place.js';
import { useLoad } from '../../hooks/use-load.js';

export function RolesView() {
  const { client } = useDashboard();
  const [isOpen, setOpen] = useState(false);
  const loaded = useLoad((signal) => client.ask<{ roles: string[] }>('/userroles/roles', { signal }), []);

  return (
    <View
      title="Roles"
      actions={
        <Writers>
          <Button kind="main" onClick={() => setOpen(true)}>
            Create role
          </Button>
        </Writers>
      }
    >
      <Loading loaded={loaded}>
        {({ roles }) =>
          roles.length === 0 ? (
            <Empty>There are no roles yet.</Empty>
          ) : (
            <ul class="list box">
              {roles.map((role) => (
                <li key={role}>
                  <a class="row-link main-text" href={linkTo(['roles', role])}>
                    {role}
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Loading>
      {isOpen && <NewRole onClose={() => setOpen(false)} />}
    </View>
  );
}

function NewRole({ onClose }: { onClose: () => void }) {
  const { client } = useDashboard();
  const [role, setRole] = useState('');
  const [permissions, setPermissions] = useState('');

  async function create(): Promise<void> {
    const body = { role: role.trim(), permissions: permissions.split(/[\s,]+/).filter(Boolean) };
    await client.ask('/userroles/role', { method: 'PUT', body });
    goTo(linkTo(['roles', body.role]));
  }

  return (
    <Dialog title="Create role" onClose={onClose}>
      <Form submit="Create role" onSubmit={create} onCancel={onClose} isDisabled={role.trim() === ''}>
        <Field label="Name" value={role} onValue={setRole} autocomplete="off" />
        <Field
          label="Permissions"
          value={permissions}
          onValue={setPermissions}
          autocomplete="off"
          placeholder="invoices:read, invoices:write"
          hint="With commas between them; a role that is there already gets them as well."
        />
      </Form>
    </Dialog>
  );
}
