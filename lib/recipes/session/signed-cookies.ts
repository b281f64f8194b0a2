import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { JsonObject } from '../../core/json.types.js';
import { SIGNING_ALGORITHMS, SigningKeysCore } from '../../core/signing-keys.core.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import { PublicPaths } from '../../http/public-paths.js';
import type { UserContext } from '../../http/user-context.js';
import { SESSION_CONFIG, type SessionConfig } from './session.options.js';
import { TokenTransfer } from './token-transfer.js';

/** A planted second cookie must not hide the one that we have set, and each costs a signature. */
const MAX_JUDGED = 3;
const EPOCH_MS = 0;

/** What a browser remembers for us in one cookie: entries that end each at its time. */
export interface SignedCookie<Entry extends { e: number }> {
  name: string;
  /** Below our issuer, the audience of the token in the cookie: nothing else may take it for one of its own. */
  audience: string;
  /** `e` is when an entry ends, in seconds since the Unix epoch. */
  entry: z.ZodType<Entry>;
  lifetimeSeconds: number;
  /** Whether it is signed by the key that rotates, which is too short-lived for a cookie of months. */
  useDynamicSigningKey: boolean;
}

/** Cookies of the auth routes that only we can have written. They are signed, not encrypted: what they hold can be read. */
@Injectable()
export class SignedCookies {
  @Inject(SigningKeysCore) private readonly keys!: SigningKeysCore;
  @Inject(PublicPaths) private readonly paths!: PublicPaths;
  @Inject(SESSION_CONFIG) private readonly session!: SessionConfig;
  @Inject(TokenTransfer) private readonly transfer!: TokenTransfer;

  /** When an entry that is written now ends. */
  endOf({ lifetimeSeconds }: { lifetimeSeconds: number }): number {
    return nowSeconds() + lifetimeSeconds;
  }

  /** @returns the entries that have not ended */
  async read<Entry extends { e: number }>(request: BaseRequest, cookie: SignedCookie<Entry>): Promise<Entry[]> {
    const tokens = request.getCookieValues(cookie.name).slice(0, MAX_JUDGED);
    const found = await Promise.all(tokens.map((token) => this.verify(token, cookie)));
    return found.flat().filter(({ e }) => e > nowSeconds());
  }

  /** In a transaction of the application, once it is committed: what a browser remembers must be so. */
  async write<Entry extends { e: number }>(
    request: BaseRequest,
    response: BaseResponse,
    cookie: SignedCookie<Entry>,
    entries: Entry[],
    context: UserContext,
  ): Promise<void> {
    const { jwt } = await this.keys.createJWT({
      payload: { aud: this.audienceOf(cookie), entries: entries.map(withoutUndefined) },
      issuer: this.paths.issuer,
      validitySeconds: cookie.lifetimeSeconds,
      useDynamicSigningKey: cookie.useDynamicSigningKey,
    });
    const expiresAtMs = this.endOf(cookie) * 1000;
    await this.transfer.afterCommit(() => this.set(request, response, cookie.name, jwt, expiresAtMs, context));
  }

  /** Makes the browser forget all entries, at once. */
  clear(request: BaseRequest, response: BaseResponse, { name }: { name: string }, context: UserContext): void {
    this.set(request, response, name, '', EPOCH_MS, context);
  }

  private async verify<Entry extends { e: number }>(token: string, cookie: SignedCookie<Entry>): Promise<Entry[]> {
    if (token === '') return [];
    const { keys } = await this.keys.getJWKS();
    try {
      const { createLocalJWKSet } = await import('jose/jwks/local');
      const { jwtVerify } = await import('jose/jwt/verify');
      const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), {
        algorithms: [...SIGNING_ALGORITHMS],
        issuer: this.paths.issuer,
        audience: this.audienceOf(cookie),
      });
      return z.array(cookie.entry).parse(payload.entries);
    } catch {
      return [];
    }
  }

  private audienceOf({ audience }: { audience: string }): string {
    return `${this.paths.issuer}/${audience}`;
  }

  private set(
    request: BaseRequest,
    response: BaseResponse,
    name: string,
    value: string,
    expiresAtMs: number,
    context: UserContext,
  ): void {
    const { cookieDomain, cookieSecure } = this.session;
    const sameSite = this.session.getCookieSameSite(request, context);
    const path = this.paths.basePath === '' ? '/' : this.paths.basePath;
    response.setCookie(name, value, cookieDomain, cookieSecure, true, expiresAtMs, path, sameSite);
  }
}

function withoutUndefined(entry: object): JsonObject {
  const known = Object.entries(entry).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as JsonObject;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
