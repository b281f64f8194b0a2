import { Inject, Injectable } from '@nestjs/common';
import { decodeJwt } from 'jose/jwt/decode';
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
    if (accepts(provider)) return;
    throw refused(provider, 'this client may bring no tokens. Give it acceptsOAuthTokens: true, if it is to');
  }

  /**
   * To be called with an ID token that was verified; one that nothing was read from may be anything.
   * @throws {ProviderRefusedError} it was used before, or its user signed in at the provider too long ago
   */
  async spend(provider: Provider, idToken: string): Promise<void> {
    const expiresAtMs = expiryMsOf(idToken);
    if (expiresAtMs === undefined) return;
    if (expiresAtMs <= Date.now()) throw refused(provider, 'the id token is too old');
    if (!(await this.note(provider, idToken, expiresAtMs))) throw refused(provider, 'the id token was used before');
  }

  /** The same for one that came by a code: no client may bring it a second time. */
  async spendRedeemed(provider: Provider, idToken: string): Promise<void> {
    const expiresAtMs = accepts(provider) ? expiryMsOf(idToken) : undefined;
    if (expiresAtMs !== undefined && expiresAtMs > Date.now()) await this.note(provider, idToken, expiresAtMs);
  }

  /** @returns false where it was used before */
  private async note(provider: Provider, idToken: string, untilMs: number): Promise<boolean> {
    // What is signed, with nonce and jti where there are any: the signature itself may have a second form.
    const token = `${provider.id} ${idToken.slice(0, idToken.lastIndexOf('.'))}`;
    // A clock here that is ahead of the core's must not let it go too early.
    const expiresAtMs = untilMs + MAX_AGE_SECONDS * 1000;
    if (!this.core.offers(SpentTokensCore)) return this.spendHere(token, expiresAtMs);
    return this.core.port(SpentTokensCore).spend({ token, expiresAtMs });
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

function accepts({ config: { acceptsOAuthTokens, additionalConfig } }: Provider): boolean {
  return acceptsOAuthTokens ?? additionalConfig?.acceptsOAuthTokens === true;
}

/** From when on it is too old, however long the provider says that it is good. @returns undefined where it is no id token */
function expiryMsOf(idToken: string): number | undefined {
  try {
    const { iat, exp } = decodeJwt(idToken);
    return iat === undefined || exp === undefined ? undefined : Math.min(exp, iat + MAX_AGE_SECONDS) * 1000;
  } catch {
    return undefined;
  }
}

function refused(provider: Provider, detail: string): ProviderRefusedError {
  return new ProviderRefusedError(provider, { detail });
}
