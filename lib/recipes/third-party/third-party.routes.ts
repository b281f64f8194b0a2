import { BadInputError } from '../../core/auth.error.js';
import type { ApiCall } from '../../http/api-call.js';
import type { AuthRoutes } from '../../http/auth-routes.js';
import { knowsLoginMethods } from '../../http/fdi-version.js';
import { loginMethodsRoute } from '../login-methods/index.js';
import { userAnswer } from '../user-answer.js';
import type { Provider } from './providers/provider.js';
import type { OAuthTokens, RedirectURIInfo } from './providers/provider.types.js';
import { describeAppleRedirect, describeAuthorisationUrl, describeSignInUp } from './third-party.descriptions.js';
import type { ThirdPartyApi, ThirdPartyAPIOptions, ThirdPartyProof } from './third-party.api.js';

type Fields = Record<string, unknown>;

export const thirdPartyRoutes: AuthRoutes<ThirdPartyApi> = {
  authorisationUrlGET: {
    method: 'GET',
    paths: ['authorisationurl'],
    describe: describeAuthorisationUrl,
    perTenant: true,
    okHolds: { urlWithQueryParams: 'string' },
    async input(call) {
      const [thirdPartyId, redirectURIOnProviderDashboard, clientType] = await Promise.all(
        ['thirdPartyId', 'redirectURIOnProviderDashboard', 'clientType'].map((key) =>
          call.request.getKeyValueFromQuery(key),
        ),
      );
      if (thirdPartyId === undefined) throw new BadInputError('Please provide the thirdPartyId as a GET param');
      if (redirectURIOnProviderDashboard === undefined) {
        throw new BadInputError('Please provide the redirectURIOnProviderDashboard as a GET param');
      }
      const provider = await findProvider(call, thirdPartyId, clientType);
      return { provider, redirectURIOnProviderDashboard, tenantId: call.tenantId };
    },
  },
  signInUpPOST: {
    method: 'POST',
    paths: ['signinup'],
    describe: describeSignInUp,
    perTenant: true,
    okHolds: { user: 'object', createdNewRecipeUser: 'boolean' },
    attempt: { action: 'providerSignIn' },
    input: (call) => readSignInUp(call),
    answer(result, { fdiVersion }) {
      if (result.status !== 'OK') return result;
      const { createdNewRecipeUser } = result;
      const created = knowsLoginMethods(fdiVersion)
        ? { createdNewRecipeUser }
        : { createdNewUser: createdNewRecipeUser };
      return { ...userAnswer(result, fdiVersion), ...created };
    },
  },
  appleRedirectHandlerPOST: {
    method: 'POST',
    paths: ['callback/apple'],
    describe: describeAppleRedirect,
    takesFormsOfOtherSites: true,
    statusless: true,
    async input({ request }) {
      return { formPostInfoFromProvider: onlyTexts(toFields(await request.getJSONBody()) ?? {}) };
    },
  },
  loginMethodsGET: loginMethodsRoute,
};

async function readSignInUp(call: ApiCall): Promise<{ provider: Provider; tenantId: string } & ThirdPartyProof> {
  const body = toFields(await call.request.getJSONBody());
  const { thirdPartyId, clientType, redirectURIInfo, oAuthTokens } = body ?? {};
  if (typeof thirdPartyId !== 'string') throw new BadInputError('Please provide the thirdPartyId in request body');
  if (clientType !== undefined && typeof clientType !== 'string')
    throw new BadInputError('clientType must be a string');
  const proof = readProof(redirectURIInfo, oAuthTokens);
  const provider = await findProvider(call, thirdPartyId, clientType);
  return { provider, tenantId: call.tenantId, ...proof };
}

function readProof(redirectURIInfo: unknown, oAuthTokens: unknown): ThirdPartyProof {
  if (redirectURIInfo !== undefined) return { redirectURIInfo: readRedirectURIInfo(redirectURIInfo) };
  if (oAuthTokens !== undefined) return { oAuthTokens: readTokens(oAuthTokens) };
  throw new BadInputError('Please provide one of redirectURIInfo or oAuthTokens in the request body');
}

function readRedirectURIInfo(value: unknown): RedirectURIInfo {
  const { redirectURIOnProviderDashboard, redirectURIQueryParams, pkceCodeVerifier } = toFields(value) ?? {};
  if (typeof redirectURIOnProviderDashboard !== 'string') {
    throw new BadInputError('Please provide the redirectURIOnProviderDashboard in request body');
  }
  const parameters = toFields(redirectURIQueryParams);
  if (parameters === undefined) throw new BadInputError('Please provide the redirectURIQueryParams in request body');
  if (pkceCodeVerifier !== undefined && typeof pkceCodeVerifier !== 'string') {
    throw new BadInputError('pkceCodeVerifier must be a string');
  }
  return { redirectURIOnProviderDashboard, redirectURIQueryParams: onlyTexts(parameters), pkceCodeVerifier };
}

function readTokens(value: unknown): OAuthTokens {
  const tokens = toFields(value);
  const { access_token: accessToken, id_token: idToken } = tokens ?? {};
  if (tokens === undefined || !isToken(accessToken) || !isToken(idToken) || (accessToken ?? idToken) === undefined) {
    throw new BadInputError('oAuthTokens must be an object with access_token or id_token, which are strings');
  }
  return tokens as OAuthTokens;
}

async function findProvider(call: ApiCall, thirdPartyId: string, clientType: string | undefined): Promise<Provider> {
  const { recipeImplementation: functions } = call.options as ThirdPartyAPIOptions;
  const { tenantId, userContext } = call;
  const provider = await functions.getProvider({ thirdPartyId, clientType, tenantId, userContext });
  if (provider !== undefined) return provider;
  throw new BadInputError(`the provider ${thirdPartyId.slice(0, 100)} could not be found in the configuration`);
}

function isToken(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value !== '');
}

function toFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function onlyTexts(fields: Fields): Record<string, string> {
  const entries = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}
