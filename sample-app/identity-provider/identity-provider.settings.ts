import { randomBytes } from 'node:crypto';
import { port as samplePort, url as sampleURL } from '../settings.js';

/** `IDENTITY_PROVIDER_PORT=4001 npm start`; without it, the port beside the sample's. */
export const port = Number(process.env.IDENTITY_PROVIDER_PORT || (samplePort === 65_535 ? 65_534 : samplePort + 1));

/** Another host than the sample's, as with every real provider. */
export const issuer = `http://127.0.0.1:${port}`;

/** As the provider knows the sample. */
export const client = {
  clientId: 'latchkey-sample',
  clientSecret: randomBytes(24).toString('base64url'),
  redirectURI: `${sampleURL}/auth/callback/local`,
};

/** As the sample knows the provider: an entry for `ThirdPartyRecipe.init({ providers })`. */
export const localProvider = {
  thirdPartyId: 'local',
  name: 'Local ID',
  clients: [{ clientId: client.clientId, clientSecret: client.clientSecret, scope: ['openid', 'email'] }],
  oidcDiscoveryEndpoint: issuer,
  // So that somebody else can be chosen each time.
  authorizationEndpointQueryParams: { prompt: 'login' },
};
