import { randomBytes } from 'node:crypto';
import type { AuthTestClient } from 'latchkey/testing';
import { REDIRECT_URI, type AuthorisationResponse } from './oidc-provider.js';

/** What a frontend holds while its user is at the provider. */
export interface StartedSignIn {
  /** Where it sends the browser, its own `state` included. */
  url: URL;
  state: string;
  pkceCodeVerifier?: string;
}

interface SignInOptions {
  thirdPartyId?: string;
  clientType?: string;
  redirectURI?: string;
  /** Of the tenant, such as `/auth/acme`. */
  basePath?: string;
}

/** Asks for the authorisation URL, and adds `state` to it as the frontend SDKs do. */
export async function startSignIn(client: AuthTestClient, options: SignInOptions = {}): Promise<StartedSignIn> {
  const response = await askForAuthorisationURL(client, options);
  const answer = (await response.json()) as { status?: string; urlWithQueryParams: string; pkceCodeVerifier?: string };
  if (answer.status !== 'OK') throw new Error(`No authorisation URL: ${response.status} ${JSON.stringify(answer)}`);
  const url = new URL(answer.urlWithQueryParams);
  const state = randomBytes(8).toString('hex');
  url.searchParams.set('state', state);
  return { url, state, pkceCodeVerifier: answer.pkceCodeVerifier };
}

export function askForAuthorisationURL(client: AuthTestClient, options: SignInOptions = {}): Promise<Response> {
  const { thirdPartyId = 'local', clientType, redirectURI = REDIRECT_URI, basePath = '/auth' } = options;
  const query = new URLSearchParams({ thirdPartyId, redirectURIOnProviderDashboard: redirectURI });
  if (clientType !== undefined) query.set('clientType', clientType);
  return client.get(`${basePath}/authorisationurl?${query}`);
}

/** Brings back what the provider has answered. */
export function finishSignIn(
  client: AuthTestClient,
  { pkceCodeVerifier }: Pick<StartedSignIn, 'pkceCodeVerifier'>,
  { redirectURI, query }: AuthorisationResponse,
  { thirdPartyId = 'local', clientType, basePath = '/auth' }: SignInOptions = {},
): Promise<Response> {
  return client.post(`${basePath}/signinup`, {
    thirdPartyId,
    clientType,
    redirectURIInfo: {
      redirectURIOnProviderDashboard: redirectURI,
      redirectURIQueryParams: query,
      pkceCodeVerifier,
    },
  });
}

/** The whole way of a user: from the button through the provider's login page to the answer of `POST /signinup`. */
export async function signInByProvider<Id>(
  client: AuthTestClient,
  provider: { signIn(url: string, id?: Id): Promise<AuthorisationResponse> },
  id: Id | undefined,
  options: SignInOptions = {},
): Promise<Response> {
  const started = await startSignIn(client, options);
  const redirect = await provider.signIn(started.url.href, id);
  return finishSignIn(client, started, redirect, options);
}
