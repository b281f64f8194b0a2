import { useEffect, useState } from 'react';
import EmailVerification from 'supertokens-auth-react/recipe/emailverification';
import { SessionAuth, signOut } from 'supertokens-auth-react/recipe/session';

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
  useEffect(() => {
    // A plain fetch: the client refreshes the session where the answer asks for it.
    void fetch('/api/me').then(async (response) => response.ok && setMe((await response.json()) as Me));
  }, []);

  return (
    <main className="alone">
      <section className="card">
        <h1>You are signed in</h1>
        <p role="status">{status}</p>
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
            <button type="button" onClick={() => void sendLink().then(setStatus)}>
              Send me a link
            </button>
          )}
          <button type="button" className="quiet" onClick={() => void leave()}>
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

async function leave(): Promise<void> {
  await signOut();
  location.href = '/login';
}
