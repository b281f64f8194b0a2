import SuperTokens from 'supertokens-web-js';
import EmailPassword from 'supertokens-web-js/recipe/emailpassword';
import EmailVerification from 'supertokens-web-js/recipe/emailverification';
import Session from 'supertokens-web-js/recipe/session';
import ThirdParty from 'supertokens-web-js/recipe/thirdparty';
import { callGuardedRoute, clearAccount, handleAccountForms, loadAccount } from './account.js';
import { apiDomain, tokenTransferMethod } from './api.js';
import { messageOf } from './message-of.js';
import { announce, element, showView, shownView } from './page.js';
import { watchPerson, type Person } from './person.js';
import { logRequests } from './request-log.js';
import { handleSignInForms } from './sign-in.js';
import { handleVerification } from './verification.js';
import { finishAtCallback, goToProvider, isCallback } from './third-party.js';

logRequests();
SuperTokens.init({
  appInfo: { appName: 'Latchkey sample', apiDomain },
  recipeList: [
    Session.init({
      tokenTransferMethod,
      onHandleEvent(event) {
        if (event.action !== 'UNAUTHORISED' || !event.sessionExpiredOrRevoked) return;
        showSignedOut('Your session has ended. Sign in again.');
      },
    }),
    EmailPassword.init(),
    EmailVerification.init(),
    ThirdParty.init(),
  ],
});

handleSignInForms(showAccountAfterSignIn);
handleAccountForms();
handleVerification(() => attempt(showPage));

onClick('sign-out', async () => {
  await Session.signOut();
  showSignedOut('You are signed out.');
});
for (const button of document.querySelectorAll<HTMLElement>('[data-provider]')) {
  button.addEventListener('click', () => attempt(() => goToProvider(button.dataset.provider!)));
}
onClick('call', callGuardedRoute);
onClick('refresh', async () => {
  if (!(await Session.doesSessionExist())) return announce('There is no session to refresh.');
  if (!(await Session.attemptRefreshingSession())) return;
  announce('The session is refreshed: it has new tokens.');
  await callGuardedRoute();
});

addEventListener('hashchange', () => {
  // Before any question to the server: anyone who types at once would type into the form that goes.
  if (location.pathname === '/plain' && shownView() !== 'account') showForm();
  void attempt(showPage);
});
// Another tab may have signed in or out meanwhile.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void showPage().catch(announceError);
});
// Going back may bring the page as it was left.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) void showPage().catch(announceError);
});
void attempt(showPage);

async function showPage(): Promise<void> {
  if (location.pathname === '/auth/reset-password') return showView('new-password');
  if (location.pathname === '/auth/verify-email') return showView('verify-email');
  if (isCallback()) return showSignInOfProvider();
  const person = watchPerson();
  const isSignedIn = (await Session.doesSessionExist()) && (await loadSignedIn());
  if (!isSignedIn) {
    if (shownView() === 'account') clearAccount();
    showForm();
  } else if (!person.hasOpened() && !person.hasTyped()) showView('account');
}

/** The form that the address names. */
function showForm(): void {
  const view = location.hash.slice(1);
  showView(view === 'sign-up' || view === 'forgot' ? view : 'sign-in');
}

/** Returning to the tab must not send the provider's code a second time. */
let signInOfProvider: Promise<void> | undefined;

function showSignInOfProvider(): Promise<void> {
  return (signInOfProvider ??= finishSignInOfProvider());
}

async function finishSignInOfProvider(): Promise<void> {
  const person = watchPerson();
  const problem = await finishAtCallback();
  // The code in the address has been used.
  history.replaceState(null, '', '/plain');
  if (problem === undefined) return showAccountAfterSignIn(person);
  showView('sign-in');
  announce(problem);
}

/** @returns false where there is no session after all */
async function loadSignedIn(): Promise<boolean> {
  await loadAccount();
  return Session.doesSessionExist();
}

async function showAccountAfterSignIn(person: Person): Promise<void> {
  if (!(await loadSignedIn())) return;
  if (person.hasOpened()) announce('You are signed in.');
  else showView('account');
}

/** Only the account is of no use without a session: a form stays, with what somebody has typed. */
function showSignedOut(message: string): void {
  clearAccount();
  announce(message);
  if (shownView() !== 'account') return;
  history.replaceState(null, '', '#sign-in');
  showView('sign-in');
}

function onClick(id: string, action: () => Promise<void>): void {
  element(id).addEventListener('click', () => attempt(action));
}

async function attempt(action: () => Promise<void>): Promise<void> {
  announce('');
  await action().catch(announceError);
}

function announceError(error: unknown): void {
  // The server did not say who is here.
  if (shownView() === undefined) showForm();
  announce(messageOf(error));
}
