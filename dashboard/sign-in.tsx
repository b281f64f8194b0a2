import { useState } from 'preact/hooks';
import type { Access, AccessControl } from './client/access.js';
import type { PageGlobals } from './client/page-globals.js';
import { Button } from './elements/button.js';
import { Field } from './elements/field.js';
import { Form } from './elements/form.js';
import { View } from './elements/view.js';

/** Asks for a dashboard user's password or for an API key. It says nothing of the installation. */
export function SignIn({
  control,
  authMode,
  message,
  onSignedIn,
}: {
  control: AccessControl;
  authMode: PageGlobals['authMode'];
  /** Why it is shown, where somebody was signed in. */
  message: string | undefined;
  onSignedIn: (access: Access) => void;
}) {
  const [mode, setMode] = useState(authMode);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [key, setKey] = useState('');
  const isByKey = mode === 'api-key';

  async function signIn(): Promise<void> {
    onSignedIn(isByKey ? await control.useKey(key.trim()) : await control.signIn(email.trim(), password));
  }

  return (
    <main class="sign-in">
      <View title="Sign in">
        {message !== undefined && <p role="status">{message}</p>}
        <Form key={mode} submit="Sign in" onSubmit={signIn}>
          {isByKey ? (
            <Field label="API key" type="password" required value={key} onValue={setKey} autocomplete="off" />
          ) : (
            <>
              <Field label="Email" type="email" required value={email} onValue={setEmail} autocomplete="username" />
              <Field
                label="Password"
                type="password"
                required
                value={password}
                onValue={setPassword}
                autocomplete="current-password"
              />
            </>
          )}
        </Form>
        <Button kind="quiet" onClick={() => setMode(isByKey ? 'email-password' : 'api-key')}>
          {isByKey ? 'Use email and password instead' : 'Use an API key instead'}
        </Button>
      </View>
    </main>
  );
}
