import ThirdParty from 'supertokens-web-js/recipe/thirdparty';
import { watchPerson } from './person.js';

const CALLBACK = /^\/auth\/callback\/([\w.-]+)$/;

/** Whether the provider has sent the browser back to this address. */
export function isCallback(): boolean {
  return CALLBACK.test(location.pathname);
}

/** Leaves the page for that of the provider, unless another form was opened meanwhile. */
export async function goToProvider(thirdPartyId: string): Promise<void> {
  const person = watchPerson();
  const url = await ThirdParty.getAuthorisationURLWithQueryParamsAndSetState({
    thirdPartyId,
    frontendRedirectURI: `${location.origin}/auth/callback/${thirdPartyId}`,
  });
  if (!person.hasOpened()) location.href = url;
}

/** @returns what went wrong, in words for the user; undefined once there is a session */
export async function finishAtCallback(): Promise<string | undefined> {
  if (new URLSearchParams(location.search).get('error') === 'access_denied') return 'You have cancelled the sign-in.';
  let result: Awaited<ReturnType<typeof ThirdParty.signInAndUp>>;
  try {
    // The client compares `state` with what it has kept, and throws where this sign-in was not begun here.
    result = await ThirdParty.signInAndUp();
  } catch (error) {
    if (error instanceof Error && 'isSuperTokensGeneralError' in error) return error.message;
    return 'The sign-in was not begun here, or is too old. Please try again.';
  }
  if (result.status === 'SIGN_IN_UP_NOT_ALLOWED') return result.reason;
  return result.status === 'OK' ? undefined : 'The provider has given no email address.';
}
