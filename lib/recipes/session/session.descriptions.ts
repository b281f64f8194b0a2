import type { RouteDescription } from '../../http/route-description.js';
import { listOf, members, statusAnswer, text } from '../../http/route-schema.js';

export const describeRefresh: RouteDescription = {
  summary: 'New tokens for a refresh token',
  description: 'The refresh token is the bearer token, or in the cookie sRefreshToken.',
  answers: { 200: [members({})] },
  session: 'refreshes',
};

export const describeSignOut: RouteDescription = {
  summary: 'Ends the session, if there is one',
  answers: { 200: [statusAnswer('OK')] },
  session: 'optional',
};

export const describeJWKS: RouteDescription = {
  summary: 'The public keys of access tokens',
  operationId: 'sessionGetJwks',
  answers: { 200: [members({ keys: listOf({ type: 'object', additionalProperties: true }) })] },
};

export const describeDiscovery: RouteDescription = {
  summary: 'Where the keys of access tokens are',
  answers: { 200: [members({ issuer: text(), jwks_uri: text() })] },
};
