import { Inject, Injectable } from '@nestjs/common';
import { BoundedLine, type IsAbandoned } from '../../core/bounded-line.js';
import { ProviderRefusedError } from './providers/provider.error.js';
import type { Provider } from './providers/provider.js';
import { type ThirdPartyRecipeConfig, THIRD_PARTY_CONFIG } from './third-party.options.js';

/**
 * What is asked of each provider at once, and how many wait for it: anybody can make us ask, and a provider that hangs must
 * not gather their requests. Whole sign-ins have a place, since one that is refused half-way has lost its code.
 */
@Injectable()
export class ProviderLines {
  @Inject(THIRD_PARTY_CONFIG) private readonly config!: ThirdPartyRecipeConfig;
  /** Of providers that somebody asks or waits for just now. */
  private readonly lines = new Map<string, BoundedLine>();
  private readonly codes = new Set<string>();

  /**
   * For where a browser is sent. A line of its own: it seldom needs the provider, and must not wait for sign-ins.
   * @throws {OverloadedError} too many wait, or the client is gone; `work` was not begun
   */
  redirect<T>(provider: Provider, isAbandoned: IsAbandoned, work: () => Promise<T>): Promise<T> {
    return this.inLine(provider, 'redirect', isAbandoned, work);
  }

  /**
   * For what a client brings from the provider.
   * @param code where there is one. A provider that is shown a code twice may take back what it gave for it (RFC 6749 §4.1.2)
   * @throws {OverloadedError} too many wait, or the client is gone; `work` was not begun
   * @throws {ProviderRefusedError} the code is being redeemed
   */
  async signIn<T>(
    provider: Provider,
    code: string | undefined,
    isAbandoned: IsAbandoned,
    work: () => Promise<T>,
  ): Promise<T> {
    if (code === undefined) return this.inLine(provider, 'sign-in', isAbandoned, work);
    const key = `${keyOf(provider)}\0${code}`;
    if (this.codes.has(key)) throw new ProviderRefusedError(provider, { detail: 'the code is being redeemed already' });
    this.codes.add(key);
    try {
      return await this.inLine(provider, 'sign-in', isAbandoned, work);
    } finally {
      this.codes.delete(key);
    }
  }

  private async inLine<T>(
    provider: Provider,
    what: string,
    isAbandoned: IsAbandoned,
    work: () => Promise<T>,
  ): Promise<T> {
    const key = `${what}\0${keyOf(provider)}`;
    const { concurrentProviderRequests: concurrent, waitingProviderRequests: waiting } = this.config;
    const line =
      this.lines.get(key) ?? new BoundedLine({ concurrent, waiting }, `requests wait for the provider ${provider.id}`);
    this.lines.set(key, line);
    try {
      return await line.run(work, isAbandoned);
    } finally {
      // Another one may be there by now.
      if (line.isEmpty && this.lines.get(key) === line) this.lines.delete(key);
    }
  }
}

/** Tenants may have providers of the same id that are in different places. */
function keyOf({ id, config }: Provider): string {
  return `${id}\0${config.tokenEndpoint ?? config.oidcDiscoveryEndpoint ?? ''}`;
}
