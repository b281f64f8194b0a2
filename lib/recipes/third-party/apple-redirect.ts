import { BadInputError } from '../../core/auth.error.js';
import { isAllowedRedirect } from './redirect-rule.js';

/** What proxies and servers take as a line of a header. */
const MAX_URL_LENGTH = 8000;

/**
 * @returns where the browser goes with what Apple had it post
 * @throws {BadInputError} the state was not made here, or leads away from the website
 */
export function appleRedirectTarget(
  form: Record<string, string>,
  websiteDomain: string,
  allowedRedirectURIs: readonly string[],
): string {
  const target = frontendRedirectURI(form.state);
  // Anyone who could choose it could have a code sent to himself.
  if (!isAllowedRedirect(target, [websiteDomain], allowedRedirectURIs)) {
    throw new BadInputError('The frontendRedirectURI in the state is not on the website');
  }
  const url = new URL(target);
  for (const [name, value] of Object.entries(form)) url.searchParams.set(name, value);
  if (url.href.length > MAX_URL_LENGTH) throw new BadInputError('The form is too large');
  return url.href;
}

function frontendRedirectURI(state: string | undefined): string {
  try {
    const { frontendRedirectURI } = JSON.parse(Buffer.from(state ?? '', 'base64').toString()) as Record<
      string,
      unknown
    >;
    if (typeof frontendRedirectURI === 'string') return frontendRedirectURI;
  } catch {
    // Answered below, like everything else that is no state.
  }
  throw new BadInputError('The state must be base64 of JSON with a frontendRedirectURI');
}
