import type { ServerMetadata } from 'openid-client';
import { NetworkError } from './network.error.js';

const WELL_KNOWN = '/.well-known/openid-configuration';

export function wellKnownURL(endpoint: string): URL {
  return new URL(endpoint.includes('/.well-known/') ? endpoint : endpoint.replace(/\/*$/, WELL_KNOWN));
}

/**
 * A document that names another provider's issuer could have codes of that provider sent to its own token endpoint. Within
 * one origin an issuer may have another path than its document: Azure AD B2C and Entra ID have it so.
 * @param configured the issuer that the configuration names, which wins
 * @throws {NetworkError}
 * @see RFC 9700 §4.4
 */
export function assertIssuer(endpoint: string, issuer: string, configured?: string): void {
  const isConfigured = configured !== undefined && issuer === configured;
  if (isConfigured || (URL.canParse(issuer) && new URL(issuer).origin === new URL(endpoint).origin)) return;
  throw new NetworkError(`discovery at ${endpoint} names another issuer: ${issuer}`);
}

/** A document that would be kept although nothing can be done with it. @throws {NetworkError} */
export function assertEndpoints(endpoint: string, metadata: ServerMetadata): void {
  const { authorization_endpoint, token_endpoint, userinfo_endpoint = '', jwks_uri = '' } = metadata;
  const areThere = isAddress(authorization_endpoint) && isAddress(token_endpoint);
  if (areThere && [userinfo_endpoint, jwks_uri].every((text) => text === '' || isAddress(text))) return;
  throw new NetworkError(`discovery at ${endpoint} names no endpoints, or values that are no URLs`);
}

/** A browser would run `javascript:` as a script of the page that sends it there. */
function isAddress(text: unknown): boolean {
  return typeof text === 'string' && /^https?:\/\//i.test(text) && URL.canParse(text);
}
