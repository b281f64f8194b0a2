import type { ClientAuth, ClientSecretPost, None } from 'openid-client';
import type { ProviderNetwork } from './provider-network.js';
import type { OAuthTokens, ProviderConfigForClientType, TokenEndpointAuthMethod } from './provider.types.js';

interface TokenRequest {
  tokenEndpoint: string;
  config: ProviderConfigForClientType;
  clientSecret: string | undefined;
  authMethod: TokenEndpointAuthMethod;
  /** Of the grant; the client's authentication is added. */
  parameters: URLSearchParams;
}

/**
 * The authorization code grant. The id token is handed on as it came: it is verified where it is used, with its
 * signature, whichever way it came.
 */
export async function requestTokens(network: ProviderNetwork, request: TokenRequest): Promise<OAuthTokens> {
  const client = await import('openid-client');
  const { tokenEndpoint, config, parameters } = request;
  const server = { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint };
  const configuration = new client.Configuration(server, config.clientId, undefined, authentication(request, client));
  // What may be asked without https is decided by the network.
  client.allowInsecureRequests(configuration);
  let idToken: unknown;
  configuration[client.customFetch] = async (url, { method, headers, body }) => {
    const response = await network.fetch(url, { method, headers, body: body as RequestInit['body'] }, config);
    const standard = await toStandard(response);
    idToken = standard.idToken;
    return standard.response;
  };
  const tokens = await client.genericGrantRequest(configuration, 'authorization_code', parameters);
  return { ...tokens, ...(typeof idToken === 'string' ? { id_token: idToken } : {}) };
}

function authentication(
  { clientSecret, authMethod }: TokenRequest,
  client: { None: typeof None; ClientSecretPost: typeof ClientSecretPost },
): ClientAuth {
  if (clientSecret === undefined) return client.None();
  return authMethod === 'client_secret_basic' ? basic(clientSecret) : client.ClientSecretPost(clientSecret);
}

/**
 * Encodes no more than must be, so that servers which decode nothing understand it, too.
 * @see RFC 6749 §2.3.1
 */
function basic(clientSecret: string): ClientAuth {
  return (_server, { client_id: clientId }, _body, headers) => {
    const credentials = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64');
    headers.set('authorization', `Basic ${credentials}`);
  };
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** GitHub answers its errors with 200; LinkedIn leaves out the type of the token. */
async function toStandard(response: Response): Promise<{ response: Response; idToken?: unknown }> {
  const { status, headers } = response;
  const text = await response.text();
  const answer = parseObject(text);
  if (answer === undefined) return { response: new Response(text === '' ? null : text, { status, headers }) };
  const { id_token: idToken, ...rest } = answer;
  const isError = status === 200 && typeof rest.error === 'string';
  const body = JSON.stringify(isError ? rest : { token_type: 'bearer', ...rest });
  const type = { 'content-type': 'application/json' };
  return {
    response: new Response(body, { status: isError ? 400 : status, headers: { ...challenge(headers), ...type } }),
    idToken,
  };
}

function challenge(headers: Headers): Record<string, string> {
  const value = headers.get('www-authenticate');
  return value === null ? {} : { 'www-authenticate': value };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
