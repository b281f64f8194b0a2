import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { keptRsaKeyPair } from './kept-rsa-key-pair.js';
import { TamperingProxy } from './tampering-proxy.js';

/** A server on the loopback address that answers what a test tells it to, instead of a provider on the internet. */
export class FakeProvider {
  private constructor(
    readonly server: TamperingProxy,
    private readonly keys: { privateKey: KeyObject; publicKey: KeyObject },
  ) {}

  static async start(): Promise<FakeProvider> {
    const server = await TamperingProxy.start((_request, response) => response.writeHead(404).end());
    return new FakeProvider(server, keptRsaKeyPair('provider'));
  }

  get url(): string {
    return this.server.url;
  }

  /** Makes an OpenID provider of it. */
  answerDiscovery(metadata: Record<string, unknown> = {}): void {
    this.server.answer('/.well-known/openid-configuration', {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      jwks_uri: `${this.url}/keys`,
      ...metadata,
    });
    const jwk = { ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' };
    this.server.answer('/keys', { keys: [jwk] });
  }

  /** An id token for the client `client-id`, good for ten minutes. */
  idToken(claims: Record<string, unknown>): Promise<string> {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const payload = { iss: this.url, aud: 'client-id', iat: nowSeconds, exp: nowSeconds + 600, ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(this.keys.privateKey);
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
