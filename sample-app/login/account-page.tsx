import { useEffect, useState } from 'react';
import EmailVerification from 'supertokens-auth-react/recipe/emailverification';
import { SessionAuth, signOut } from 'supertokens-auth-react/recipe/session';
import { apiURL } from '../web/api.js';
import { messageOf } from '../web/message-of.js';

interface Me {
  email: string;
  displayName: string;
  isEmailVerified: boolean;
  roles: string[];
}

/** For those who are signed in; `SessionAuth` leads everybody else to the sign-in. */
export function AccountPage() {
  return (
    <SessionAuth>
      <Account />
    </SessionAuth>
  );
}

function Account() {
  const [me, setMe] = useState<Me>();
  const [status, setStatus] = useState('');
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const show = (found: Me) => {
      setMe(found);
      setProblem('');
    };
    const look = () => {
      if (document.visibilityState === 'visible') void readMe().then(show, (error) => setProblem(messageOf(error)));
    };
    const lookAgain = ({ persisted }: PageTransitionEvent) => persisted && look();
    look();
    // Another tab may have signed out meanwhile; and going back may bring the page as it was left.
    document.addEventListener('visibilitychange', look);
    addEventListener('pageshow', lookAgain);
    return () => {
      document.removeEventListener('visibilitychange', look);
      removeEventListener('pageshow', lookAgain);
    };
  }, []);
  const attempt = (action: () => Promise<string>) => void action().catch(messageOf).then(setStatus);

  return (
    <main className="alone">
      <section className="card">
        <h1>You are signed in</h1>
        <p role="status">{problem || status}</p>
        {me === undefined && problem === '' && <p className="loading">One moment…</p>}
        {me && (
          <dl>
            <dt>Email</dt>
            <dd>{me.email}</dd>
            <dt>Verified</dt>
            <dd>{me.isEmailVerified ? 'yes' : 'no'}</dd>
            <dt>Roles</dt>
            <dd>{me.roles.join(', ')}</dd>
          </dl>
        )}
        <p className="buttons">
          {me?.isEmailVerified === false && (
            <button type="button" onClick={() => attempt(sendLink)}>
              Send me a link
            </button>
          )}
          <button type="button" className="quiet" onClick={() => attempt(leave)}>
            Sign out
          </button>
        </p>
        <p className="ways">
          <a href="/inbox" target="_blank">
            Inbox
          </a>
          <a href="/">What this is</a>
        </p>
      </section>
    </main>
  );
}

/** @returns what to tell the user */
async function sendLink(): Promise<string> {
  const { status } = await EmailVerification.sendVerificationEmail();
  return status === 'OK' ? 'A link is on its way to you.' : 'Your address is confirmed already.';
}

async function leave(): Promise<string> {
  await signOut();
  // Not to be found by going back.
  location.replace('/login');
  return '';
}

/** Without a session, `SessionAuth` leads to the sign-in. @throws {Response} the server refuses it */
async function readMe(): Promise<Me> {
  // A plain fetch: the client refreshes the session where the answer asks for it.
  const response = await fetch(apiURL('/api/me'));
  if (!response.ok) throw response;
  return (await response.json()) as Me;
}
