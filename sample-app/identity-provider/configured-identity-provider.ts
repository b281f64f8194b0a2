import type { OpenIDSettings } from '../settings/parsed-variables.js';
import { IdentityProvider } from './identity-provider.js';

/** The provider that the settings name, which any number of processes may share. */
export class ConfiguredIdentityProvider extends IdentityProvider {
  readonly entry;
  readonly what: string;
  readonly discoveryURL: string;
  readonly isUp = undefined;

  constructor({ issuer, clientId, clientSecret, name }: OpenIDSettings) {
    super();
    this.entry = {
      thirdPartyId: 'openid',
      name,
      oidcDiscoveryEndpoint: issuer,
      clients: [{ clientId, clientSecret, scope: ['openid', 'email'] }],
    };
    this.what = `A provider of OpenID Connect, at ${new URL(issuer).host}`;
    this.discoveryURL = `${issuer}/.well-known/openid-configuration`;
  }
}
