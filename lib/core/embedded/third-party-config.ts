import type { ProviderClientConfig, ThirdPartyConfig } from '../third-party.core.js';

/** What some providers need; a provider's kind is what its id begins with, as in `google-workspaces-acme`. */
const CLIENT_CHECKS: [kind: string, check: (client: ProviderClientConfig) => string | undefined][] = [
  ['apple', findAppleProblem],
  ['google-workspaces', findWorkspaceProblem],
  ['boxy-saml', findSamlProblem],
];

/** @returns why the configuration cannot work, or undefined */
export function findConfigProblem({ thirdPartyId, name, clients }: ThirdPartyConfig): string | undefined {
  if (thirdPartyId.trim() === '') return 'thirdPartyId cannot be null or empty';
  if (!isTextOrMissing(name)) return 'name must be a text';
  return isMissing(clients) ? undefined : findClientsProblem(thirdPartyId, clients);
}

function findClientsProblem(thirdPartyId: string, clients: ProviderClientConfig[]): string | undefined {
  if (!Array.isArray(clients) || clients.some((client) => typeof client !== 'object' || client === null)) {
    return 'clients must be a list of objects';
  }
  const types = clients.map(({ clientType }) => clientType);
  if (clients.length > 1 && !types.every(isText)) return 'clientType is required where there are several clients';
  if (new Set(types).size < types.length) return 'Duplicate clientType was specified in the clients list.';
  const check = CLIENT_CHECKS.find(([kind]) => thirdPartyId.startsWith(kind))?.[1];
  for (const client of clients) {
    const problem = findClientProblem(client) ?? check?.(client);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The id may be empty, as it is while somebody fills in a form: such a client is one that the provider refuses. */
function findClientProblem({ clientId, clientSecret, scope }: ProviderClientConfig): string | undefined {
  if (typeof clientId !== 'string') return 'clientId cannot be null';
  if (!isTextOrMissing(clientSecret)) return 'clientSecret must be a text';
  const isScope = isMissing(scope) || (Array.isArray(scope) && scope.every((one) => typeof one === 'string'));
  return isScope ? undefined : 'scope must be a list of texts';
}

/** A secret that was made elsewhere works as well, for as long as Apple has it: at most half a year. */
function findAppleProblem(client: ProviderClientConfig): string | undefined {
  const hasSecret =
    isText(client.clientSecret) || ['keyId', 'teamId', 'privateKey'].every((name) => hasText(client, name));
  if (hasSecret) return undefined;
  return 'a non empty string value must be specified for keyId, teamId and privateKey in the additionalConfig for Apple provider';
}

function findWorkspaceProblem({ additionalConfig }: ProviderClientConfig): string | undefined {
  const hd = additionalConfig?.hd;
  const isDomain =
    hd === undefined || hd === '*' || (typeof hd === 'string' && /^([a-z0-9-]+\.)+[a-z0-9-]+$/i.test(hd));
  return isDomain ? undefined : 'hd in additionalConfig must be * or a domain';
}

function findSamlProblem(client: ProviderClientConfig): string | undefined {
  if (hasText(client, 'boxyURL')) return undefined;
  return 'a non empty string value must be specified for boxyURL in the additionalConfig for Boxy SAML provider';
}

function hasText({ additionalConfig }: ProviderClientConfig, name: string): boolean {
  return isText(additionalConfig?.[name]);
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isTextOrMissing(value: unknown): boolean {
  return isMissing(value) || typeof value === 'string';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
