import { Inject, Injectable, Logger } from '@nestjs/common';
import type { RemoteJWKSet } from 'jose';
import type { ServerMetadata } from 'openid-client';
import { maxAgeSeconds } from '../../../core/cache-control.js';
import { isLoopbackHost } from '../../../core/loopback.js';
import { AnswerTooLargeError, readLimited } from '../../../core/read-limited.js';
import { assertEndpoints, assertIssuer, wellKnownURL } from './discovery-document.js';
import { logLine } from '../../../core/log-line.js';
import { NetworkError } from './network.error.js';

/** No honest answer comes near it, and a huge one must not fill the memory. */
const MAX_ANSWER_BYTES = 1_048_576;
const MAX_CACHED = 1000;
const HOUR_MS = 3_600_000;
/** How long what was cached is used while it cannot be refreshed. */
const EXPIRY_MS = 24 * HOUR_MS;
const KEYS_REFRESH_MS = HOUR_MS / 6;
/** Keys are asked for again when a token names one that is not known: no more often than this. */
const KEYS_COOLDOWN_MS = 3000;
const RETRY_MS = 30_000;

/** What the network needs of the recipe's options. */
interface ProviderNetworkOptions {
  /** How long a provider may take to answer, in milliseconds. */
  providerTimeoutMs: number;
}

/** The token of `ProviderNetworkOptions`. */
export const PROVIDER_NETWORK_OPTIONS = Symbol('latchkey.third-party.provider-network-options');

interface NetworkOptions {
  allowInsecureRequests?: boolean;
  /** As configured, of whatever discovery document. */
  issuer?: string;
}

interface Discovered {
  metadata: ServerMetadata;
  refreshAtMs: number;
  expiresAtMs: number;
}

interface KeySet {
  keys: RemoteJWKSet;
  refreshAtMs: number;
}

/**
 * All that goes out to identity providers. Addresses come from configuration and discovery, never from a request;
 * redirects are not followed, answers are limited in time and size. Discovery documents and key sets are kept,
 * and refreshed in the background.
 */
@Injectable()
export class ProviderNetwork {
  @Inject(PROVIDER_NETWORK_OPTIONS) private readonly options!: ProviderNetworkOptions;
  private readonly logger = new Logger('Latchkey');
  private readonly discovered = new Map<string, Discovered>();
  private readonly discovering = new Map<string, Promise<ServerMetadata>>();
  private readonly keySets = new Map<string, KeySet>();

  /** @throws {NetworkError} */
  async fetch(url: string, init: RequestInit, options: NetworkOptions): Promise<Response> {
    const { protocol, origin, hostname } = new URL(url);
    const isSecure =
      protocol === 'https:' || (protocol === 'http:' && (options.allowInsecureRequests || isLoopbackHost(hostname)));
    if (!isSecure) throw new NetworkError(`${origin} is not https`);
    try {
      const signal = AbortSignal.timeout(this.options.providerTimeoutMs);
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      const body = await readLimited(response, MAX_ANSWER_BYTES);
      // With a status of 204 or 304 there must be none.
      return new Response(body.length === 0 ? null : body, { status: response.status, headers: response.headers });
    } catch (error) {
      if (error instanceof AnswerTooLargeError) throw new NetworkError(`${origin}: ${error.message}`);
      const isTimeout = (error as Error | undefined)?.name === 'TimeoutError';
      const reason = isTimeout ? `no answer within ${this.options.providerTimeoutMs} ms` : 'not reachable';
      throw new NetworkError(`${origin}: ${reason}`, undefined, { cause: error });
    }
  }

  /** @throws {NetworkError} not a JSON answer of status 200 */
  async getJSON(url: string, headers: Record<string, string>, options: NetworkOptions): Promise<unknown> {
    return readJSON(await this.fetch(url, { headers }, options));
  }

  /** @throws {NetworkError} not a JSON answer of status 200 */
  async postForm(url: string, form: URLSearchParams, options: NetworkOptions): Promise<unknown> {
    // GitHub answers a form to who does not ask for JSON.
    return readJSON(
      await this.fetch(url, { method: 'POST', body: form, headers: { accept: 'application/json' } }, options),
    );
  }

  /** The metadata of an OpenID provider. */
  async discover(endpoint: string, options: NetworkOptions): Promise<ServerMetadata> {
    const cached = this.discovered.get(endpoint);
    const nowMs = Date.now();
    if (cached === undefined || nowMs >= cached.expiresAtMs) return this.discoverNow(endpoint, options);
    if (nowMs >= cached.refreshAtMs) {
      cached.refreshAtMs = nowMs + RETRY_MS;
      this.inBackground(endpoint, this.discoverNow(endpoint, options));
    }
    return cached.metadata;
  }

  /** The keys an OpenID provider signs with. */
  async keys(jwksURI: string, options: NetworkOptions): Promise<RemoteJWKSet> {
    const jwks = await import('jose/jwks/remote');
    const nowMs = Date.now();
    const cached = this.keySets.get(jwksURI);
    if (cached === undefined) {
      const keys = jwks.createRemoteJWKSet(new URL(jwksURI), {
        cacheMaxAge: EXPIRY_MS,
        cooldownDuration: KEYS_COOLDOWN_MS,
        timeoutDuration: this.options.providerTimeoutMs,
        [jwks.customFetch]: (url, { headers, method }) => this.fetch(url, { headers, method }, options),
      });
      remember(this.keySets, jwksURI, { keys, refreshAtMs: nowMs + KEYS_REFRESH_MS });
      return keys;
    }
    if (nowMs >= cached.refreshAtMs && cached.keys.jwks() !== undefined) {
      cached.refreshAtMs = nowMs + KEYS_REFRESH_MS;
      this.inBackground(jwksURI, cached.keys.reload());
    }
    return cached.keys;
  }

  /** Those who come while one is asking wait for its answer. */
  private discoverNow(endpoint: string, options: NetworkOptions): Promise<ServerMetadata> {
    const running = this.discovering.get(endpoint);
    if (running !== undefined) return running;
    const started = this.requestDiscovery(endpoint, options).finally(() => this.discovering.delete(endpoint));
    this.discovering.set(endpoint, started);
    return started;
  }

  private async requestDiscovery(endpoint: string, options: NetworkOptions): Promise<ServerMetadata> {
    const client = await import('openid-client');
    let lifetimeMs = HOUR_MS;
    const configuration = await client.discovery(wellKnownURL(endpoint), 'any', undefined, undefined, {
      timeout: this.options.providerTimeoutMs / 1000,
      // What may be asked without https is decided by `fetch`.
      execute: [client.allowInsecureRequests],
      [client.customFetch]: async (url, { headers, method }) => {
        const response = await this.fetch(url, { headers, method }, options);
        const maxAge = maxAgeSeconds(response.headers.get('cache-control'));
        if (maxAge !== undefined) lifetimeMs = maxAge * 1000;
        return response;
      },
    });
    const { ...metadata } = configuration.serverMetadata() as ServerMetadata;
    assertIssuer(endpoint, metadata.issuer, options.issuer);
    assertEndpoints(endpoint, metadata);
    const nowMs = Date.now();
    remember(this.discovered, endpoint, {
      metadata,
      refreshAtMs: nowMs + Math.min(lifetimeMs, EXPIRY_MS),
      expiresAtMs: nowMs + EXPIRY_MS,
    });
    return metadata;
  }

  private inBackground(address: string, refreshing: Promise<unknown>): void {
    refreshing.catch((error: unknown) =>
      this.logger.warn(logLine(`Refreshing ${address} failed, the old one is used: ${error}`)),
    );
  }
}

/** @throws {NetworkError} */
async function readJSON(response: Response): Promise<unknown> {
  const { status } = response;
  if (status !== 200) throw new NetworkError(`answered with status ${status}`, status);
  try {
    return JSON.parse(await response.text()) as unknown;
  } catch (cause) {
    throw new NetworkError('answered something other than JSON', status, { cause });
  }
}

/** Configurations of tenants come and go: the oldest entry makes room. */
function remember<T>(cache: Map<string, T>, key: string, value: T): void {
  const oldest = cache.size >= MAX_CACHED && !cache.has(key) ? cache.keys().next() : undefined;
  if (oldest?.value !== undefined) cache.delete(oldest.value);
  cache.set(key, value);
}
