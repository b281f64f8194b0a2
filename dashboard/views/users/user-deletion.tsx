import { useState } from 'preact/hooks';
import type { User } from '../../client/answers.types.js';
import { Button } from '../../elements/button.js';
import { useDashboard } from '../../elements/dashboard-context.js';
import { Confirmation } from '../../elements/dialog.js';
import { useNotices } from '../../elements/notices.js';
import { goTo, linkTo } from '../../hooks/place.js';
import { contactOf } from './user-texts.js';

export function UserDeletion({ user }: { user: User }) {
  const { client } = useDashboard();
  const notices = useNotices();
  const [isOpen, setOpen] = useState(false);
  const contact = contactOf(user);

  async function remove(): Promise<void> {
    const query = { userId: user.id, removeAllLinkedAccounts: 'true' };
    await client.ask('/user', { method: 'DELETE', query });
    notices.done(`${contact} is deleted.`);
    goTo(linkTo(['users']), { replaces: true });
  }

  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        Delete user
      </Button>
      {isOpen && (
        <Confirmation
          title={`Delete ${contact}?`}
          action="Delete user"
          typed={contact}
          onConfirm={remove}
          onClose={() => setOpen(false)}
        >
          <p>The user’s login methods, sessions, roles and metadata go as well. This cannot be undone.</p>
        </Confirmation>
      )}
    </>
  );
}
