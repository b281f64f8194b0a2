import { useState } from 'preact/hooks';
import type { LoginMethod, User } from '../../client/answers.types.js';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { useNotices } from '../../elements/notices.js';
import { Tag } from '../../elements/tag.js';
import { useAction } from '../../elements/use-action.js';
import { Section } from '../../elements/view.js';
import { ContactDialog, PasswordDialog } from './login-method-dialogs.js';
import { methodName } from './user-texts.js';

export function UserLoginMethods({ user, onChanged }: { user: User; onChanged: () => Promise<void> }) {
  return (
    <Section title="Login methods">
      <ul class="list">
        {user.loginMethods.map((method) => (
          <Method key={method.recipeUserId} method={method} onChanged={onChanged} />
        ))}
      </ul>
    </Section>
  );
}

function Method({ method, onChanged }: { method: LoginMethod; onChanged: () => Promise<void> }) {
  const { email, phoneNumber, thirdParty, recipeId, verified } = method;
  const [dialog, setDialog] = useState<'contact' | 'password'>();
  const contact = email ?? phoneNumber ?? thirdParty?.userId ?? method.recipeUserId;
  const close = () => setDialog(undefined);

  return (
    <li>
      <div class="main-text">
        <strong>{contact}</strong> <Tag>{methodName(method)}</Tag>
        {email !== undefined && (verified ? <Tag kind="good">verified</Tag> : <Tag kind="warn">unverified</Tag>)}
        {thirdParty !== undefined && <span class="minor">{thirdParty.userId}</span>}
      </div>
      <Writers>
        <div class="buttons">
          {email !== undefined && <Verification method={method} email={email} onChanged={onChanged} />}
          {thirdParty === undefined && (
            <Button kind="quiet" onClick={() => setDialog('contact')}>
              {email === undefined ? 'Change phone number' : 'Change email'}
            </Button>
          )}
          {recipeId === 'emailpassword' && (
            <Button kind="quiet" onClick={() => setDialog('password')}>
              Change password
            </Button>
          )}
        </div>
        {dialog === 'contact' && <ContactDialog method={method} onClose={close} onChanged={onChanged} />}
        {dialog === 'password' && <PasswordDialog method={method} contact={contact} onClose={close} />}
      </Writers>
    </li>
  );
}

interface VerificationProps {
  method: LoginMethod;
  email: string;
  onChanged: () => Promise<void>;
}

function Verification({ method: { recipeUserId, verified }, email, onChanged }: VerificationProps) {
  const { client } = useDashboard();
  const notices = useNotices();
  const [run, isBusy] = useAction();

  async function mark(verified: boolean): Promise<void> {
    await client.ask('/user/email/verify', { method: 'PUT', body: { recipeUserId, verified } });
    await onChanged();
  }

  async function toggle(): Promise<void> {
    await mark(!verified);
    notices.done(verified ? `${email} is marked as unverified.` : `${email} is marked as verified.`, () =>
      mark(verified),
    );
  }

  async function send(): Promise<void> {
    await client.ask('/user/email/verify/token', { method: 'POST', body: { recipeUserId } });
    notices.done(`A verification email to ${email} is on its way.`);
  }

  return (
    <>
      {!verified && (
        <Button kind="quiet" isBusy={isBusy} onClick={() => void run(send)}>
          Send verification email
        </Button>
      )}
      <Button kind="quiet" isBusy={isBusy} onClick={() => void run(toggle)}>
        {verified ? 'Mark as unverified' : 'Mark as verified'}
      </Button>
    </>
  );
}
