import { useState } from 'preact/hooks';
import type { User } from '../../client/answers.types.js';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Dialog } from '../../elements/dialog.js';
import { Field } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { useNotices } from '../../elements/notices.js';
import { changeUser } from './change-user.js';

/** Changes the name, which is part of the metadata. */
export function UserName({ user, onChanged }: { user: User; onChanged: () => Promise<void> }) {
  const { client } = useDashboard();
  const notices = useNotices();
  const [isOpen, setOpen] = useState(false);
  const [firstName, setFirstName] = useState(user.firstName ?? '');
  const [lastName, setLastName] = useState(user.lastName ?? '');
  const [method] = user.loginMethods;
  if (user.firstName === 'FEATURE_NOT_ENABLED' || method === undefined) return null;

  async function save(): Promise<void> {
    await changeUser(client, method!, { firstName: firstName.trim(), lastName: lastName.trim() });
    setOpen(false);
    notices.done('The name is saved.');
    await onChanged();
  }

  return (
    <Writers>
      <Button kind="quiet" label="Change the name" onClick={() => setOpen(true)}>
        Change
      </Button>
      {isOpen && (
        <Dialog title="Name" onClose={() => setOpen(false)}>
          <Form submit="Save" onSubmit={save} onCancel={() => setOpen(false)}>
            <Field label="First name" value={firstName} onValue={setFirstName} hint="What is empty stays as it is." />
            <Field label="Last name" value={lastName} onValue={setLastName} />
          </Form>
        </Dialog>
      )}
    </Writers>
  );
}
