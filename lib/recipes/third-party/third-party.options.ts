import type { Type } from '@nestjs/common';
import { z } from 'zod';
import type { NormalisedAppInfo } from '../../http/app-info.js';
import { anythingSchema, checkOptions, functionSchema, onFirstUse } from '../../core/check-options.js';
import { ConfigurationError } from '../../core/auth.error.js';
import type { ProviderClientConfig } from '../../core/third-party.core.js';
import { builtInProvider } from './providers/built-in-providers.js';
import { Provider } from './providers/provider.js';
import type { ProviderConfig, TypeProvider } from './providers/provider.types.js';
import { resolveConfig } from './providers/resolve-config.js';

interface TenantDefault {
  /** Whether tenants other than `public` offer it, too, as long as they have no provider of their own. @default false */
  includeInNonPublicTenantsByDefault?: boolean;
}

/** A provider: one that is built in needs its `thirdPartyId` and `clients` only. */
export interface ThirdPartyProviderOptions extends ProviderConfig, TenantDefault {
  /** A class that extends `Provider`, or the class of the built-in one. It may inject. */
  useClass?: Type<Provider>;
}

/** The options of `ThirdPartyRecipe.init`. */
export interface ThirdPartyOptions {
  /** In the order in which clients show them. Tenants may have others, kept by the core. */
  providers?: (ThirdPartyProviderOptions | (TypeProvider & TenantDefault))[];
  /**
   * Where, beside the website and the API, a provider and `callback/apple` may send users back to: addresses of
   * mobile applications, such as `com.example.app:/callback`, and other websites, without a query. @default []
   */
  allowedRedirectURIs?: string[];
  /** How long a provider is waited for. @default 10000 */
  providerTimeoutMs?: number;
  /**
   * How many sign-ins ask one provider at once, in this process. Each asks for one thing after the other. @default 50
   */
  concurrentProviderRequests?: number;
  /** How many sign-ins wait for one provider; more are answered 503 with `Retry-After`. @default 100 */
  waitingProviderRequests?: number;
  /**
   * Whether a browser must bring an authorization code with the cookie that it got when it was sent to the provider. False is
   * for frontends that build the provider's address themselves. @default true
   */
  bindCodesToBrowser?: boolean;
}

/** One provider as the application gives it. */
interface ProviderInput {
  config: ProviderConfig;
  includeInNonPublicTenantsByDefault?: boolean;
  useClass?: Type<Provider>;
  typeProvider?: TypeProvider;
}

/** The options with their defaults, as `options.config` of an API method holds them. */
export interface ThirdPartyRecipeConfig {
  providers: ProviderInput[];
  allowedRedirectURIs: string[];
  providerTimeoutMs: number;
  concurrentProviderRequests: number;
  waitingProviderRequests: number;
  bindCodesToBrowser: boolean;
}

const ID = 'an id of letters, digits, dots, underscores and dashes, such as google';
const idSchema = z.string(ID).regex(/^[\w.-]{1,100}$/, ID);
const URL_TEXT = 'an address that begins with https://';
const urlSchema = z.string(URL_TEXT).refine((text) => /^https?:\/\/./.test(text) && URL.canParse(text), URL_TEXT);
const text = (expected: string) => z.string(expected).min(1, expected);
const flag = z.boolean('true or false');
const parameters = onFirstUse(() =>
  z.record(z.string(), z.string().nullable(), 'an object of texts; null takes a default away'),
);
const fields = onFirstUse(() =>
  z.strictObject(
    { userId: text('a path').optional(), email: text('a path').optional(), emailVerified: text('a path').optional() },
    '{ userId, email, emailVerified }',
  ),
);

const clientSchema = onFirstUse(() =>
  z.strictObject(
    {
      clientType: text("text such as 'web'").optional(),
      clientId: text('the client id that the provider has given you'),
      clientSecret: text('the client secret that the provider has given you').optional(),
      scope: z.array(text("text such as 'email'"), "a list such as ['email']").optional(),
      forcePKCE: flag.optional(),
      acceptsOAuthTokens: flag.optional(),
      additionalConfig: z.record(z.string(), z.unknown(), 'an object').optional(),
    },
    'a client: { clientId, clientSecret }',
  ),
);

const providerSchema = onFirstUse(() =>
  z.strictObject(
    {
      thirdPartyId: idSchema,
      name: text('a name for users').optional(),
      clients: z.array(clientSchema(), 'a list of clients').optional(),
      authorizationEndpoint: urlSchema.optional(),
      authorizationEndpointQueryParams: parameters().optional(),
      tokenEndpoint: urlSchema.optional(),
      tokenEndpointBodyParams: parameters().optional(),
      tokenEndpointAuthMethod: z
        .enum(['client_secret_post', 'client_secret_basic'], "'client_secret_post' or 'client_secret_basic'")
        .optional(),
      userInfoEndpoint: urlSchema.optional(),
      userInfoEndpointQueryParams: parameters().optional(),
      userInfoEndpointHeaders: parameters().optional(),
      jwksURI: urlSchema.optional(),
      oidcDiscoveryEndpoint: urlSchema.optional(),
      userInfoMap: z
        .strictObject(
          { fromIdTokenPayload: fields().optional(), fromUserInfoAPI: fields().optional() },
          '{ fromIdTokenPayload, fromUserInfoAPI }',
        )
        .optional(),
      requireEmail: flag.optional(),
      issuer: text('the issuer, as id tokens name it').optional(),
      formerIssuers: z.array(text('an issuer, as id tokens named it'), 'a list of issuers').optional(),
      allowInsecureRequests: flag.optional(),
      generateFakeEmail: functionSchema('a function that returns an email').optional(),
      validateIdTokenPayload: functionSchema('a function that throws').optional(),
      validateAccessToken: functionSchema('a function that throws').optional(),
      includeInNonPublicTenantsByDefault: flag.optional(),
      useClass: z
        .custom(
          (value) => typeof value === 'function' && value.prototype instanceof Provider,
          'a class that extends Provider',
        )
        .optional(),
    },
    "a provider: { thirdPartyId: 'google', clients: [{ clientId, clientSecret }] }",
  ),
);

const typeProviderSchema = onFirstUse(() =>
  z.looseObject({ id: idSchema, get: functionSchema('a method that returns its data') }),
);

const TIMEOUT = 'a whole number of milliseconds from 100 to 60000';
const CONCURRENT = 'a whole number from 1 to 10000';
const WAITING = 'a whole number from 0 to 100000';

const thirdPartyOptionsSchema = onFirstUse(() =>
  z.strictObject(
    {
      providers: z.array(anythingSchema(), 'a list of providers').optional(),
      allowedRedirectURIs: z
        .array(
          z.string().refine((uri) => URL.canParse(uri) && !/[?#]/.test(uri), 'an address without a query'),
          'a list of addresses',
        )
        .optional(),
      providerTimeoutMs: z.int(TIMEOUT).min(100, TIMEOUT).max(60_000, TIMEOUT).optional(),
      concurrentProviderRequests: z.int(CONCURRENT).min(1, CONCURRENT).max(10_000, CONCURRENT).optional(),
      waitingProviderRequests: z.int(WAITING).min(0, WAITING).max(100_000, WAITING).optional(),
      bindCodesToBrowser: flag.optional(),
      override: anythingSchema().optional(),
    },
    'an object',
  ),
);

/** @throws {ConfigurationError} */
export function normaliseThirdPartyOptions(
  input: ThirdPartyOptions,
  _appInfo: NormalisedAppInfo,
): ThirdPartyRecipeConfig {
  const options = checkOptions('ThirdPartyRecipe.init', thirdPartyOptionsSchema(), input) as ThirdPartyOptions;
  const providers = (options.providers ?? []).map((provider, at) => toProviderInput(provider, at));
  const ids = providers.map(({ config }) => config.thirdPartyId);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw mistake(`the provider ${twice} is given twice. Give each thirdPartyId once.`);
  return {
    providers,
    allowedRedirectURIs: options.allowedRedirectURIs ?? [],
    providerTimeoutMs: options.providerTimeoutMs ?? 10_000,
    concurrentProviderRequests: options.concurrentProviderRequests ?? 50,
    waitingProviderRequests: options.waitingProviderRequests ?? 100,
    bindCodesToBrowser: options.bindCodesToBrowser ?? true,
  };
}

function toProviderInput(provider: NonNullable<ThirdPartyOptions['providers']>[number], at: number): ProviderInput {
  const where = `ThirdPartyRecipe.init: providers[${at}]`;
  // Not what the schema returns: it would be a copy without the methods of its class.
  if (typeof (provider as Partial<TypeProvider> | undefined)?.get === 'function') {
    checkOptions(where, typeProviderSchema(), provider);
    const typeProvider = provider as TypeProvider;
    const { includeInNonPublicTenantsByDefault } = provider;
    return { config: { thirdPartyId: typeProvider.id }, typeProvider, includeInNonPublicTenantsByDefault };
  }
  const checked = checkOptions(where, providerSchema(), provider) as ThirdPartyProviderOptions;
  const { includeInNonPublicTenantsByDefault, useClass, ...config } = checked;
  const clients = config.clients ?? [];
  const types = clients.map(({ clientType }) => clientType);
  if (clients.length > 1 && (types.includes(undefined) || new Set(types).size < types.length)) {
    throw mistake(`${config.thirdPartyId} has several clients. Give each of them a clientType of its own.`);
  }
  for (const client of clients) checkClient(config, client, useClass);
  return { config, includeInNonPublicTenantsByDefault, useClass };
}

/** What would otherwise come out when the first user signs in. */
function checkClient(config: ProviderConfig, client: ProviderClientConfig, useClass: Type<Provider> | undefined): void {
  const builtIn = builtInProvider(config.thirdPartyId);
  const problem = builtIn?.findMistake?.(client);
  if (problem !== undefined) throw mistake(`a client of ${config.thirdPartyId} ${problem}.`);
  const { authorizationEndpoint, tokenEndpoint, oidcDiscoveryEndpoint } = resolveConfig(config, client);
  const isComplete =
    oidcDiscoveryEndpoint !== undefined || (authorizationEndpoint !== undefined && tokenEndpoint !== undefined);
  // A class of the application may know them itself.
  if (isComplete || useClass !== undefined) return;
  const addressedBy = builtIn?.addressedBy === undefined ? '' : `its clients ${builtIn.addressedBy}, or give `;
  throw mistake(
    `nothing says where ${config.thirdPartyId} is. Give ${addressedBy}oidcDiscoveryEndpoint, or authorizationEndpoint and tokenEndpoint.`,
  );
}

function mistake(message: string): ConfigurationError {
  return new ConfigurationError(`ThirdPartyRecipe.init: ${message}`);
}

/** The token of the normalised options, `ThirdPartyRecipeConfig`. */
export const THIRD_PARTY_CONFIG = Symbol('latchkey.third-party.config');
