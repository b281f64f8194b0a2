import type { ProviderClientConfig, ThirdPartyConfig, UserInfoMap } from '../../../core/third-party.core.js';
import { builtInProvider } from './built-in-providers.js';
import type { BuiltInRedirect, ProviderConfig, ProviderConfigForClientType } from './provider.types.js';

/** A tenant's configuration over the application's; a client of a type that both have is the tenant's. */
export function mergeConfigs(base: ProviderConfig, over: ThirdPartyConfig): ProviderConfig {
  const clients = [...(base.clients ?? [])];
  for (const client of over.clients ?? []) {
    const at = clients.findIndex(({ clientType }) => clientType === client.clientType);
    if (at === -1) clients.push(client);
    else clients[at] = client;
  }
  return { ...base, ...over, clients, userInfoMap: mergeMaps(base.userInfoMap, over.userInfoMap) };
}

function mergeMaps(base: UserInfoMap = {}, over: UserInfoMap = {}): UserInfoMap {
  return {
    fromIdTokenPayload: { ...base.fromIdTokenPayload, ...over.fromIdTokenPayload },
    fromUserInfoAPI: { ...base.fromUserInfoAPI, ...over.fromUserInfoAPI },
  };
}

/** @returns undefined where no client is meant, or where the type is needed to tell which one is */
export function selectClient(
  clients: readonly ProviderClientConfig[] = [],
  clientType: string | undefined,
): ProviderClientConfig | undefined {
  if (clientType !== undefined) return clients.find((client) => client.clientType === clientType);
  return clients.length === 1 ? clients[0] : undefined;
}

/** Everything that is known of a provider for one client, what is built in included. */
export function resolveConfig(
  { clients: _clients, ...config }: ProviderConfig,
  client: ProviderClientConfig,
): ProviderConfigForClientType {
  const builtIn = builtInProvider(config.thirdPartyId);
  if (builtIn === undefined) return { ...config, ...client };
  const settings = withoutUndefined({ ...config, ...client });
  const resolved: ProviderConfigForClientType = {
    ...builtIn.config,
    scope: builtIn.scope,
    ...(settings as unknown as ProviderConfigForClientType),
    userInfoMap: mergeMaps(builtIn.config.userInfoMap, config.userInfoMap),
    authorizationEndpointQueryParams: {
      ...builtIn.config.authorizationEndpointQueryParams,
      ...config.authorizationEndpointQueryParams,
    },
    userInfoEndpointHeaders: { ...builtIn.config.userInfoEndpointHeaders, ...config.userInfoEndpointHeaders },
  };
  return { ...resolved, ...builtIn.complete?.(resolved), ...configuredEndpoints(settings) };
}

/** @returns undefined where the provider is not built in, or its discovery document has to be asked */
export function builtInRedirect(config: ProviderConfigForClientType): BuiltInRedirect | undefined {
  const builtIn = builtInProvider(config.thirdPartyId);
  const document = config.oidcDiscoveryEndpoint?.replace(/\/*(\.well-known\/.*)?$/, '');
  const authorizationEndpoint = document && builtIn?.authorizationEndpointAt?.(document, config);
  if (!authorizationEndpoint) return undefined;
  return { authorizationEndpoint, supportsPKCE: builtIn?.supportsPKCE === true };
}

/** What says where a provider is: what is configured wins over what follows from something else. */
function configuredEndpoints(settings: object): Partial<ProviderConfigForClientType> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => /Endpoint$|^jwksURI$|^issuer$/.test(name)));
}

function withoutUndefined(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
