import type { Type } from '@nestjs/common';
import type { ProviderClientConfig } from '../../../core/third-party.core.js';
import type { Provider } from './provider.js';
import type { ProviderConfig, ProviderConfigForClientType } from './provider.types.js';

/** What is known of a provider beforehand. Whatever an application or a tenant configures wins over it. */
export interface BuiltInProvider {
  config: Partial<ProviderConfig>;
  scope?: string[];
  /** What follows from the rest of the configuration, such as an address within a customer's domain. */
  complete?(config: ProviderConfigForClientType): Partial<ProviderConfigForClientType>;
  /**
   * Where the browser goes to sign in at the provider whose discovery document is there, so that the redirect asks nobody.
   * @param discoveryEndpoint without a slash and the well-known path at its end
   * @returns undefined where the document must be asked, as for one that is configured instead of ours
   */
  authorizationEndpointAt?(discoveryEndpoint: string, config: ProviderConfigForClientType): string | undefined;
  /** Whether that endpoint takes a code challenge by S256. @default false */
  supportsPKCE?: boolean;
  /** What is particular in how it works. */
  useClass?: Type<Provider>;
  /** Where its address depends on the customer: what says it, for messages. */
  addressedBy?: string;
  /** @returns what a client's configuration lacks, with the fix */
  findMistake?(client: ProviderClientConfig): string | undefined;
}

/** @returns the text in `additionalConfig`, without a slash at its end */
export function additionalText(
  { additionalConfig }: Pick<ProviderClientConfig, 'additionalConfig'>,
  name: string,
): string | undefined {
  const value = additionalConfig?.[name];
  return typeof value === 'string' && value !== '' ? value.replace(/\/+$/, '') : undefined;
}

/** The address of what may be given as a host or as an address, with a path where one is given. */
export function addressOf(domain: string): string {
  const { origin, pathname } = new URL(/^https?:\/\//.test(domain) ? domain : `https://${domain}`);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}
