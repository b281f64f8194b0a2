import type { AuthRoutes } from '../../http/auth-routes.js';
import type { SessionApi } from './session.api.js';
import { describeDiscovery, describeJWKS, describeRefresh, describeSignOut } from './session.descriptions.js';
import { SessionContainer } from './session-container.js';

export const sessionRoutes: AuthRoutes<SessionApi> = {
  refreshPOST: {
    method: 'POST',
    paths: ['session/refresh'],
    describe: describeRefresh,
    statusless: true,
    input: () => ({}),
    answer: (result) => (result instanceof SessionContainer || result === undefined ? {} : result),
  },
  signOutPOST: { method: 'POST', paths: ['signout'], describe: describeSignOut, input: () => ({}) },
  getJWKSGET: {
    method: 'GET',
    paths: ['jwt/jwks.json'],
    describe: describeJWKS,
    statusless: true,
    isPublicDocument: true,
    input: () => ({}),
  },
  getOpenIdDiscoveryConfigurationGET: {
    method: 'GET',
    paths: ['.well-known/openid-configuration'],
    describe: describeDiscovery,
    isPublicDocument: true,
    okHolds: { issuer: 'string', jwks_uri: 'string' },
    input: () => ({}),
    answer: (result) => (result.status === 'OK' ? { issuer: result.issuer, jwks_uri: result.jwks_uri } : result),
  },
};
