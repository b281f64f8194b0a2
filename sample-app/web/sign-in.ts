import EmailPassword from 'supertokens-web-js/recipe/emailpassword';
import Session from 'supertokens-web-js/recipe/session';
import { handleForm, type FormProblem } from './form.js';
import { announce, element, showView } from './page.js';
import type { Person } from './person.js';

/** @param onSignedIn called when there is a session */
export function handleSignInForms(onSignedIn: (person: Person) => Promise<void>): void {
  handleForm(element('sign-in-form'), async (values, person) => {
    const result = await EmailPassword.signIn({ formFields: fieldsOf(values) });
    if (result.status === 'WRONG_CREDENTIALS_ERROR') return { message: 'Email and password do not match.' };
    if (result.status !== 'OK') return problemOf(result);
    await onSignedIn(person);
  });

  handleForm(element('sign-up-form'), async (values, person) => {
    const result = await EmailPassword.signUp({ formFields: fieldsOf(values) });
    if (result.status !== 'OK') return problemOf(result);
    announce('Welcome! Your account is ready.');
    await onSignedIn(person);
  });

  handleForm(element('forgot-form'), async (values) => {
    const result = await EmailPassword.sendPasswordResetEmail({ formFields: fieldsOf(values) });
    if (result.status !== 'OK') return problemOf(result);
    announce('If there is an account for that address, a link is on its way.');
  });

  handleForm(element('new-password-form'), async (values) => {
    // Token and tenant are read from the page's address.
    const result = await EmailPassword.submitNewPassword({ formFields: fieldsOf(values) });
    if (result.status === 'RESET_PASSWORD_INVALID_TOKEN_ERROR') {
      return { message: 'This link has been used or is too old. Ask for another one.' };
    }
    if (result.status !== 'OK') return problemOf(result);
    // The server has ended every session of the user: this browser's tokens are of no use any more.
    if (await Session.doesSessionExist()) await Session.signOut();
    history.replaceState(null, '', '/plain#sign-in');
    announce('Your password is set. Sign in with it.');
    showView('sign-in');
  });
}

function fieldsOf(values: Record<string, string>): { id: string; value: string }[] {
  return Object.entries(values).map(([id, value]) => ({ id, value }));
}

function problemOf(
  result: { status: 'FIELD_ERROR'; formFields: { id: string; error: string }[] } | { status: string; reason: string },
): FormProblem {
  return 'formFields' in result ? result : { message: result.reason };
}
