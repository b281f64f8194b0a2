import { Injectable } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import { additionalText, type BuiltInProvider } from './built-in-provider.js';
import { Provider } from './provider.js';

/** All personal accounts are in one directory. @see https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference */
const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc */
@Injectable()
class EntraProvider extends Provider {
  /** Below `organizations` the issuer has the same gap as below `common`, so that it lets everybody's accounts through. */
  protected override isIssuer(payload: JWTPayload, issuer: string | undefined): boolean {
    const { oidcDiscoveryEndpoint = '' } = this.config;
    const isForWork = additionalText(this.config, 'directoryId') === 'organizations';
    const isPersonal = payload.tid === PERSONAL_ACCOUNTS;
    if (isPersonal && (isForWork || /^https:\/\/[^/]+\/organizations\//.test(oidcDiscoveryEndpoint))) return false;
    return super.isIssuer(payload, issuer);
  }
}

/**
 * Microsoft Entra ID. Its emails are whatever a directory's administrator has typed in, so none counts as verified.
 * `additionalConfig.directoryId` is the directory that is let in, `organizations` for all, or `common` with personal accounts.
 */
export const activeDirectory: BuiltInProvider = {
  config: { name: 'Active Directory' },
  scope: ['openid', 'email'],
  complete(config) {
    const id = additionalText(config, 'directoryId');
    if (id === undefined) return {};
    return { oidcDiscoveryEndpoint: `https://login.microsoftonline.com/${encodeURIComponent(id)}/v2.0` };
  },
  // Of the sovereign clouds too. Azure AD B2C has its endpoints elsewhere.
  authorizationEndpointAt: (endpoint) => {
    const directory =
      /^(https:\/\/login\.(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn)\/[^/]+)\/v2\.0$/.exec(endpoint);
    return directory === null ? undefined : `${directory[1]}/oauth2/v2.0/authorize`;
  },
  useClass: EntraProvider,
  addressedBy: 'additionalConfig: { directoryId }',
};
