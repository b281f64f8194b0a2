import EmailVerification from 'supertokens-web-js/recipe/emailverification';
import Session from 'supertokens-web-js/recipe/session';
import { loadAccount } from './account.js';
import { handleForm } from './form.js';
import { announce, element } from './page.js';

/** @param onVerified called where the link of the email has worked */
export function handleVerification(onVerified: () => Promise<void>): void {
  handleForm(element('verification-form'), async () => {
    const { status } = await EmailVerification.sendVerificationEmail();
    if (status === 'EMAIL_ALREADY_VERIFIED_ERROR') await loadAccount();
    announce(status === 'OK' ? 'A link is on its way to you.' : 'Your address is confirmed already.');
  });

  // By a button: programs that look into emails follow links, but press none.
  handleForm(element('verify-email-form'), async () => {
    // Token and tenant are read from the page's address.
    const { status } = await EmailVerification.verifyEmail();
    if (status !== 'OK') return { message: 'This link has been used or is too old. Ask for another one.' };
    history.replaceState(null, '', '/plain');
    // A confirmed address may have brought a role, which is in the next token.
    if (await Session.doesSessionExist()) await Session.attemptRefreshingSession();
    await onVerified();
    announce('Thank you, your address is confirmed.');
  });
}
