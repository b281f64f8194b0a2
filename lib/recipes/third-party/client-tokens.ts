import { Inject, Injectable } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { Core } from '../../core/core.js';
import { SpentTokensCore } from '../../core/spent-tokens.core.js';
import { ProviderRefusedError } from './providers/provider.error.js';
import type { Provider } from './providers/provider.js';

/** A client brings an ID token as soon as its user has signed in at the provider. */
const MAX_AGE_SECONDS = 600;
const MAX_REMEMBERED = 10_000;

/** Tokens that a client got from a provider by itself, without a flow that could bind them to it. */
@Injectable()
export class ClientTokens {
  @Inject(Core) private readonly core!: Core;
  /** Where the core cannot keep them: of this process only. */
  private readonly spentHere = new Map<string, number>();

  /** @throws {ProviderRefusedError} the client was not allowed to bring tokens */
  assertAccepted(provider: Provider): void {
    const { acceptsOAuthTokens, additionalConfig } = provider.config;
    if (acceptsOAuthTokens ?? additionalConfig?.acceptsOAuthTokens === true) return;
    throw refused(provider, 'this client may bring no tokens. Give it acceptsOAuthTokens: true, if it is to');
  }

  /**
   * To be called with an ID token that was verified.
   * @throws {ProviderRefusedError} it was used before, or its user signed in at the provider too long ago
   */
  async spend(provider: Provider, idToken: string): Promise<void> {
    const { iat = 0, exp = 0 } = decodeJwt(idToken);
    const expiresAtMs = Math.min(exp, iat + MAX_AGE_SECONDS) * 1000;
    if (expiresAtMs <= Date.now()) throw refused(provider, 'the id token is too old');
    // What is signed: a signature may have a second form.
    const token = `${provider.id} ${idToken.slice(0, idToken.lastIndexOf('.'))}`;
    // A clock here that is ahead of the core's must not let it go too early.
    const input = { token, expiresAtMs: expiresAtMs + MAX_AGE_SECONDS * 1000 };
    const isNew = this.core.offers(SpentTokensCore)
      ? await this.core.port(SpentTokensCore).spend(input)
      : this.spendHere(input.token, input.expiresAtMs);
    if (!isNew) throw refused(provider, 'the id token was used before');
  }

  private spendHere(token: string, expiresAtMs: number): boolean {
    if (this.spentHere.has(token)) return false;
    if (this.spentHere.size >= MAX_REMEMBERED) {
      for (const [each, untilMs] of this.spentHere) if (untilMs <= Date.now()) this.spentHere.delete(each);
    }
    this.spentHere.set(token, expiresAtMs);
    return true;
  }
}

function refused(provider: Provider, detail: string): ProviderRefusedError {
  return new ProviderRefusedError(provider, { detail });
}
