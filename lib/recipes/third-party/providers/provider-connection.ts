import { Inject } from '@nestjs/common';
import { JWKSInvalid, JWKSTimeout } from 'jose/errors';
import type { ResponseBodyError } from 'openid-client';
import type { JsonObject } from '../../../core/json.types.js';
import { NetworkError } from './network.error.js';
import { ProviderNetwork } from './provider-network.js';
import { ProviderError, ProviderRefusedError, ProviderUnavailableError } from './provider.error.js';
import type { BuiltInRedirect, ProviderConfigForClientType, ProviderMetadata } from './provider.types.js';

/** What every request to a provider needs: where it goes, and what its failure means. */
export abstract class ProviderConnection {
  @Inject(ProviderNetwork) protected readonly network!: ProviderNetwork;
  /** Set before anything is called. */
  config!: ProviderConfigForClientType;
  /** Set together with it. */
  builtInRedirect?: BuiltInRedirect;

  get id(): string {
    return this.config.thirdPartyId;
  }

  /** As users know it. */
  get name(): string {
    return this.config.name ?? this.config.thirdPartyId;
  }

  /**
   * The configuration, with discovery where the configuration names no endpoint.
   * @param step `redirect` needs an authorization endpoint only, for which nobody is asked where it is built in
   */
  protected async getMetadata(step?: 'redirect'): Promise<ProviderMetadata> {
    const { config } = this;
    const { oidcDiscoveryEndpoint } = config;
    const builtIn = step === 'redirect' ? this.builtInRedirect : undefined;
    const found =
      oidcDiscoveryEndpoint === undefined || builtIn !== undefined
        ? undefined
        : await this.asking('discovery', () => this.network.discover(oidcDiscoveryEndpoint, config));
    const authMethods = found?.token_endpoint_auth_methods_supported ?? ['client_secret_post'];
    return {
      issuer: config.issuer ?? found?.issuer,
      authorizationEndpoint:
        config.authorizationEndpoint ?? builtIn?.authorizationEndpoint ?? found?.authorization_endpoint,
      tokenEndpoint: config.tokenEndpoint ?? found?.token_endpoint,
      userInfoEndpoint: config.userInfoEndpoint ?? found?.userinfo_endpoint,
      jwksURI: config.jwksURI ?? found?.jwks_uri,
      supportsPKCE: builtIn?.supportsPKCE ?? found?.code_challenge_methods_supported?.includes('S256') ?? false,
      tokenEndpointAuthMethod: authMethods.includes('client_secret_post')
        ? 'client_secret_post'
        : 'client_secret_basic',
      sendsIssuer: found?.authorization_response_iss_parameter_supported === true,
    };
  }

  /** The secret that the token endpoint is asked with. */
  protected async getClientSecret(): Promise<string | undefined> {
    return this.config.clientSecret;
  }

  /** What the user info endpoint says; undefined where the provider has none. */
  protected async fetchUserInfo(accessToken: string): Promise<JsonObject | undefined> {
    const { userInfoEndpoint } = await this.getMetadata();
    return userInfoEndpoint === undefined ? undefined : this.getObject(userInfoEndpoint, accessToken);
  }

  /** Asks one of the provider's APIs in the user's name. */
  protected async getJSON(endpoint: string, accessToken: string): Promise<unknown> {
    const { userInfoEndpointHeaders, userInfoEndpointQueryParams } = this.config;
    const headers: Record<string, string> = { accept: 'application/json', authorization: `Bearer ${accessToken}` };
    for (const [name, value] of Object.entries(userInfoEndpointHeaders ?? {})) {
      delete headers[name.toLowerCase()];
      if (value !== null) headers[name.toLowerCase()] = value;
    }
    const url = new URL(endpoint);
    setAll(url.searchParams, userInfoEndpointQueryParams);
    return this.asking(url.pathname, () => this.network.getJSON(url.href, headers, this.config));
  }

  /** Fetches a JSON object from the provider. */
  protected async getObject(endpoint: string, accessToken: string): Promise<JsonObject> {
    const answer = await this.getJSON(endpoint, accessToken);
    if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer as JsonObject;
    throw this.unavailable(`${endpoint} answered something other than an object`);
  }

  /**
   * Asks for what a user can do without, such as an email that has an endpoint of its own.
   * @returns undefined where the provider refuses it: the scope was not granted, or the application lacks a permission
   */
  protected async unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const { cause } = Object(error) as { cause?: unknown };
      const isRefused = cause instanceof NetworkError && [401, 403, 404].includes(cause.statusCode ?? 0);
      if (isRefused) return undefined;
      throw error;
    }
  }

  /** An error that says that the provider did not accept what the client brought. */
  protected refused(detail: string, cause?: unknown): ProviderRefusedError {
    return new ProviderRefusedError(this, { detail, cause });
  }

  /** An error that says that the provider cannot be reached or is not understood. */
  protected unavailable(detail: string, cause?: unknown): ProviderUnavailableError {
    return new ProviderUnavailableError(this, { detail, cause });
  }

  /** @throws {ProviderError} the provider has no such endpoint */
  protected endpoint(name: 'authorizationEndpoint' | 'tokenEndpoint', metadata: ProviderMetadata): string {
    const endpoint = metadata[name];
    if (endpoint !== undefined && /^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)) return endpoint;
    throw this.unavailable(
      `there is no ${name}, or none that is an address. Give it, or oidcDiscoveryEndpoint, in its configuration`,
    );
  }

  /**
   * Runs a request to the provider.
   * @param what is asked, for the log
   * @throws {ProviderError} whatever the request fails with
   */
  protected async asking<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      const detail = `${what}: ${describe(error)}`;
      throw isRefusal(error) ? this.refused(detail, error) : this.unavailable(detail, error);
    }
  }

  /**
   * Runs a check of what a client or the provider brought.
   * @throws {ProviderError} it fails, or cannot be done because the provider cannot be asked
   */
  protected async validating<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      const detail = `${what}: ${describe(error)}`;
      const isUnreachable =
        error instanceof NetworkError || error instanceof JWKSTimeout || error instanceof JWKSInvalid;
      throw isUnreachable ? this.unavailable(detail, error) : this.refused(detail, error);
    }
  }
}

/** Errors of a token endpoint that say that our own configuration is wrong; the last is GitHub's. */
const OWN_MISTAKES = [
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'incorrect_client_credentials',
];

/** The provider has understood, and says no. */
function isRefusal(error: unknown): boolean {
  if (error instanceof NetworkError) return error.statusCode === 401 || error.statusCode === 403;
  return isResponseBodyError(error) && !OWN_MISTAKES.includes(error.error);
}

/** By its code: the class is loaded by the first request to a token endpoint. */
function isResponseBodyError(error: unknown): error is ResponseBodyError {
  return error instanceof Error && (error as { code?: unknown }).code === 'OAUTH_RESPONSE_BODY_ERROR';
}

function describe(error: unknown): string {
  if (isResponseBodyError(error)) {
    return [error.error, error.error_description].filter((text) => text !== undefined).join(', ');
  }
  const { message, cause } = error as Error;
  return cause instanceof Error && !(error instanceof NetworkError) ? `${message} (${cause.message})` : String(message);
}

/** Sets parameters over others; null takes one away. */
export function setAll(parameters: URLSearchParams, changes: Record<string, string | null> | undefined): void {
  for (const [name, value] of Object.entries(changes ?? {})) {
    if (value === null) parameters.delete(name);
    else parameters.set(name, value);
  }
}
