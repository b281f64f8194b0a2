import { useState } from 'preact/hooks';
import type { LoginMethod } from '../../client/answers.types.js';
import { useDashboard } from '../../elements/dashboard-context.js';
import { Dialog } from '../../elements/dialog.js';
import { Field } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { useNotices } from '../../elements/notices.js';
import { changeUser } from './change-user.js';

interface DialogProps {
  method: LoginMethod;
  onClose: () => void;
}

/** Changes the email address or the phone number by which somebody signs in. */
export function ContactDialog({ method, onClose, onChanged }: DialogProps & { onChanged: () => Promise<void> }) {
  const { client } = useDashboard();
  const notices = useNotices();
  const isPhone = method.email === undefined;
  const before = (isPhone ? method.phoneNumber : method.email) ?? '';
  const [contact, setContact] = useState(before);
  const change = (to: string) => changeUser(client, method, isPhone ? { phone: to } : { email: to });

  async function save(): Promise<void> {
    await change(contact.trim());
    onClose();
    notices.done(`${before} is now ${contact.trim()}.`, async () => {
      await change(before);
      await onChanged();
    });
    await onChanged();
  }

  return (
    <Dialog title={isPhone ? 'Change phone number' : 'Change email'} onClose={onClose}>
      <Form submit="Save" onSubmit={save} onCancel={onClose} isDisabled={contact.trim() === ''}>
        <Field
          label={isPhone ? 'Phone number' : 'Email'}
          type={isPhone ? 'tel' : 'email'}
          value={contact}
          onValue={setContact}
          autocomplete="off"
        />
      </Form>
    </Dialog>
  );
}

export function PasswordDialog({ method, contact, onClose }: DialogProps & { contact: string }) {
  const { client } = useDashboard();
  const notices = useNotices();
  const [newPassword, setNewPassword] = useState('');

  async function save(): Promise<void> {
    await client.ask('/user/password', { method: 'PUT', body: { recipeUserId: method.recipeUserId, newPassword } });
    onClose();
    notices.done(`The password of ${contact} is changed.`);
  }

  return (
    <Dialog title={`New password of ${contact}`} onClose={onClose}>
      <Form submit="Change password" onSubmit={save} onCancel={onClose} isDisabled={newPassword === ''}>
        <Field
          label="New password"
          type="password"
          value={newPassword}
          onValue={setNewPassword}
          autocomplete="new-password"
          hint="The old one stops working at once."
        />
      </Form>
    </Dialog>
  );
}
