import type { KeyObject } from 'node:crypto';
import { equalText } from '../equal-text.js';
import type { CoreSession, SessionsCore, VerifySessionResult } from '../sessions.core.js';
import {
  type AccessTokenClaims,
  type ReadAccessToken,
  readAccessToken,
  readSessionJWT,
  toCoreSession,
} from './access-token.js';
import { algorithmOf, isSignedBy } from './signature.js';
import { VerifiedTokenCache } from './verified-token-cache.js';
import { kindOfKid, type SigningKeyKind } from './signing-key-kind.js';

export type VerifyAccessTokenInput = Parameters<SessionsCore['verifySession']>[0];

const MAX_REMEMBERED_TOKENS = 10_000;

/** A token whose signature was found right; whether its time is over has to be asked each time. */
export interface VerifiedAccessToken {
  readonly token: string;
  readonly keyKind: SigningKeyKind;
  readonly claims: AccessTokenClaims;
  readonly session: CoreSession;
}

/** Where public keys are looked up. */
interface VerificationKeys {
  verificationKey(kid: string): Promise<{ publicKey: KeyObject } | undefined>;
}

/** Why a token is refused: it is not one of our tokens at all, or it is not valid (any more). */
export type AccessTokenRefusal = { status: 'UNAUTHORISED' | 'TRY_REFRESH_TOKEN'; message: string };

/**
 * Verifies signatures and remembers the good ones: checking one costs hundreds of times what a look-up
 * does. A revocation does not reach in here; it is seen when the token expires, or by asking the storage.
 */
export class AccessTokenVerifier {
  private readonly remembered = new VerifiedTokenCache<VerifiedAccessToken>(MAX_REMEMBERED_TOKENS);
  private readonly pending = new Map<string, Promise<VerifiedAccessToken | AccessTokenRefusal>>();

  constructor(
    private readonly keys: VerificationKeys,
    private readonly isInTransaction: () => boolean,
  ) {}

  /** Without waiting, which is most of the time. The caller looks at the expiry. */
  recall(token: string): VerifiedAccessToken | undefined {
    return typeof token === 'string' ? this.remembered.get(token) : undefined;
  }

  /** What may change between two looks at one token, and what was asked of it. */
  judge(verified: VerifiedAccessToken, input: VerifyAccessTokenInput, nowMs: number): VerifySessionResult {
    if (verified.session.accessTokenExpiry <= nowMs) {
      this.remembered.delete(input.accessToken);
      return refused('The access token has expired');
    }
    const { useDynamicSigningKey } = input;
    if (useDynamicSigningKey !== undefined && verified.keyKind !== (useDynamicSigningKey ? 'dynamic' : 'static')) {
      return refused('The access token is signed by the other kind of key');
    }
    if (input.checkAntiCsrf && !hasAntiCsrfToken(verified, input.antiCsrfToken)) {
      return refused('The anti-CSRF token is missing or wrong');
    }
    return { status: 'OK', session: verified.session };
  }

  /** The signature and the form, not the expiry. Concurrent calls for one token share the work. */
  async verify(token: string): Promise<VerifiedAccessToken | AccessTokenRefusal> {
    // Looking up a key may need the connection: see EmbeddedSigningKeysCore.
    if (this.isInTransaction()) return this.verifySignature(token);
    const running = this.pending.get(token) ?? this.verifySignature(token);
    this.pending.set(token, running);
    try {
      return await running;
    } finally {
      this.pending.delete(token);
    }
  }

  /** The same for a JWT that says what an access token says. Nothing remembers it, and whether its session exists is not known. */
  async verifyJWT(token: string): Promise<VerifiedAccessToken | AccessTokenRefusal> {
    return this.check(token, readSessionJWT(token));
  }

  private async verifySignature(token: string): Promise<VerifiedAccessToken | AccessTokenRefusal> {
    const verified = await this.check(token, readAccessToken(token));
    if (!('status' in verified)) this.remembered.set(verified);
    return verified;
  }

  private async check(
    token: string,
    read: ReadAccessToken | undefined,
  ): Promise<VerifiedAccessToken | AccessTokenRefusal> {
    if (read === undefined) return { status: 'UNAUTHORISED', message: 'The access token is not readable' };
    const { header, claims, payload } = read;
    const keyKind = kindOfKid(header.kid);
    if (keyKind === undefined) return refused('The access token is not signed by us');
    const key = await this.keys.verificationKey(header.kid);
    if (key === undefined) return refused('The access token is signed by an unknown key');
    // The key decides, not who wrote the header: RFC 8725 §3.1.
    if (header.alg !== algorithmOf(key.publicKey)) return refused('The access token is not signed by us');
    if (!isSignedBy(token, key.publicKey)) return refused('The signature of the access token is wrong');
    return { token, keyKind, claims, session: toCoreSession(claims, payload) };
  }
}

function hasAntiCsrfToken({ claims }: VerifiedAccessToken, sent: string | undefined): boolean {
  return claims.antiCsrfToken !== null && typeof sent === 'string' && equalText(sent, claims.antiCsrfToken);
}

function refused(message: string): { status: 'TRY_REFRESH_TOKEN'; message: string } {
  return { status: 'TRY_REFRESH_TOKEN', message };
}
