import { useEffect, useState } from 'preact/hooks';
import type { Access, AccessControl } from './client/access.js';
import type { PageGlobals } from './client/page-globals.js';
import { DashboardProvider } from './elements/dashboard-context.js';
import { NoticesProvider } from './elements/notices.js';
import { CurrentView } from './current-view.js';
import { Navigation } from './navigation.js';
import { SignIn } from './sign-in.js';

type State = { kind: 'starting' } | { kind: 'signed-out'; message?: string } | { kind: 'signed-in'; access: Access };

/** The sign-in, or the dashboard for those who have signed in. */
export function App({ control, authMode }: { control: AccessControl; authMode: PageGlobals['authMode'] }) {
  const [state, setState] = useState<State>({ kind: 'starting' });
  const show = (access: Access | undefined) =>
    setState(access === undefined ? { kind: 'signed-out' } : { kind: 'signed-in', access });

  useEffect(() => {
    control.client.onSignedOut = () => {
      control.forget();
      setState({ kind: 'signed-out', message: 'You are signed out: sign in again to go on.' });
    };
    control.resume().then(show, (error: Error) => setState({ kind: 'signed-out', message: error.message }));
  }, []);

  async function signOut(): Promise<void> {
    await control.signOut();
    show(undefined);
  }

  if (state.kind === 'starting') return <p class="only-heard">Loading</p>;
  if (state.kind === 'signed-out') {
    return <SignIn control={control} authMode={authMode} message={state.message} onSignedIn={show} />;
  }
  return (
    <DashboardProvider value={{ client: control.client, access: state.access }}>
      <NoticesProvider>
        <Navigation access={state.access} onSignOut={signOut} />
        <main id="content">
          <CurrentView />
        </main>
      </NoticesProvider>
    </DashboardProvider>
  );
}
