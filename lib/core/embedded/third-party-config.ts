import type { ProviderClientConfig, ThirdPartyConfig } from '../third-party.core.js';

/** What some providers need; a provider's kind is what its id begins with, as in `google-workspaces-acme`. */
const CLIENT_CHECKS: [kind: string, check: (client: ProviderClientConfig) => string | undefined][] = [
  ['apple', findAppleProblem],
  ['google-workspaces', findWorkspaceProblem],
  ['boxy-saml', (client) => (hasText(client, 'boxyURL') ? undefined : 'additionalConfig must contain boxyURL')],
];

/** @returns why the configuration cannot work, or undefined */
export function findConfigProblem({ thirdPartyId, name, clients = [] }: ThirdPartyConfig): string | undefined {
  if (!isText(name)) return 'name is required';
  if (!Array.isArray(clients)) return 'clients must be a list';
  const types = clients.map((client) => client?.clientType);
  if (clients.length > 1 && (!types.every(isText) || new Set(types).size < types.length)) {
    return 'clientType must be given and unique where there are several clients';
  }
  const check = CLIENT_CHECKS.find(([kind]) => thirdPartyId.startsWith(kind))?.[1];
  for (const client of clients) {
    const problem = isText(client?.clientId) ? check?.(client) : 'clientId is required for every client';
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function findAppleProblem(client: ProviderClientConfig): string | undefined {
  if (isText(client.clientSecret)) return 'clientSecret must be empty: it is made of additionalConfig';
  const isComplete = ['keyId', 'teamId', 'privateKey'].every((name) => hasText(client, name));
  return isComplete ? undefined : 'additionalConfig must contain keyId, teamId and privateKey';
}

function findWorkspaceProblem({ additionalConfig }: ProviderClientConfig): string | undefined {
  const hd = additionalConfig?.hd;
  const isDomain =
    hd === undefined || hd === '*' || (typeof hd === 'string' && /^([a-z0-9-]+\.)+[a-z0-9-]+$/i.test(hd));
  return isDomain ? undefined : 'hd in additionalConfig must be * or a domain';
}

function hasText({ additionalConfig }: ProviderClientConfig, name: string): boolean {
  return isText(additionalConfig?.[name]);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
