import { Injectable } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import type { JsonObject } from '../../../core/json.types.js';
import { additionalText, type BuiltInProvider } from './built-in-provider.js';
import { Provider } from './provider.js';

/** @see https://developers.google.com/identity/openid-connect/openid-connect */
@Injectable()
export class GoogleProvider extends Provider {
  /** Google's id tokens name it with or without the scheme. */
  protected override isIssuer(payload: JWTPayload, issuer: string | undefined): boolean {
    return super.isIssuer(payload, issuer) || `https://${payload.iss}` === issuer;
  }

  /** With the scheme in any case: both forms are one issuer. */
  protected override async issuerOf(idTokenPayload: JsonObject | undefined): Promise<string | undefined> {
    const issuer = await super.issuerOf(idTokenPayload);
    return issuer === undefined || issuer.includes('://') ? issuer : `https://${issuer}`;
  }
}

const ISSUER = 'https://accounts.google.com';

export const google: BuiltInProvider = {
  config: {
    name: 'Google',
    oidcDiscoveryEndpoint: ISSUER,
    authorizationEndpointQueryParams: { access_type: 'offline', include_granted_scopes: 'true' },
  },
  scope: ['openid', 'email'],
  authorizationEndpointAt: (endpoint) => (endpoint === ISSUER ? `${ISSUER}/o/oauth2/v2/auth` : undefined),
  supportsPKCE: true,
  useClass: GoogleProvider,
};

/** Accounts of organisations; `additionalConfig.hd` names the one that is let in, or `*` for any. */
export const googleWorkspaces: BuiltInProvider = {
  ...google,
  config: {
    ...google.config,
    name: 'Google Workspaces',
    // The parameter `hd` of the redirect is only a hint that anybody can change: the claim is what counts.
    async validateIdTokenPayload({ idTokenPayload, clientConfig }) {
      const domain = additionalText(clientConfig, 'hd') ?? '*';
      const { hd } = idTokenPayload;
      if (typeof hd !== 'string' || (domain !== '*' && hd !== domain)) {
        throw new Error(`the account is of ${typeof hd === 'string' ? hd : 'no organisation'}, not of ${domain}`);
      }
    },
  },
  complete: (config) => ({
    authorizationEndpointQueryParams: {
      hd: additionalText(config, 'hd') ?? '*',
      ...config.authorizationEndpointQueryParams,
    },
  }),
};
