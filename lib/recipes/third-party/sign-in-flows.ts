import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { SIGNING_ALGORITHM } from '../../core/access-token/signing-key-kind.js';
import { SigningKeysCore } from '../../core/signing-keys.core.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import { PublicPaths } from '../../http/public-paths.js';
import type { UserContext } from '../../http/user-context.js';
import { SESSION_CONFIG, type SessionConfig } from '../session/index.js';

const FLOW_COOKIE = 'sThirdPartyFlow';
/** As long as a person may take at the provider's login page. */
const LIFETIME_SECONDS = 600;
/** Tabs and second thoughts: the oldest makes room. */
const MAX_FLOWS = 5;

/** Which code a browser may bring: of the provider that it was sent to, by the address that it is to come back by. */
export interface SignInFlow {
  tenantId: string;
  thirdPartyId: string;
  redirectURIOnProviderDashboard: string;
  /** As the client was given it. */
  pkceCodeVerifier?: string;
}

const storedFlow = z.object({ t: z.string(), p: z.string(), r: z.string(), v: z.string().optional(), e: z.number() });
type StoredFlow = z.infer<typeof storedFlow>;

/**
 * Binds a code to the browser that was sent to fetch it, by a cookie: otherwise a code that somebody else has got could be
 * slipped to a browser, or brought by another one. The cookie holds hashes, and says nothing to who reads it.
 * @see RFC 9700 §4.7.1 and RFC 6749 §10.12
 */
@Injectable()
export class SignInFlows {
  @Inject(SigningKeysCore) private readonly keys!: SigningKeysCore;
  @Inject(PublicPaths) private readonly paths!: PublicPaths;
  @Inject(SESSION_CONFIG) private readonly session!: SessionConfig;

  /** Remembers, in the browser, that it was sent to the provider. */
  async begin(flow: SignInFlow, request: BaseRequest, response: BaseResponse, context: UserContext): Promise<void> {
    const expiresAt = nowSeconds() + LIFETIME_SECONDS;
    const flows = [...(await this.read(request)), { ...stored(flow), e: expiresAt }].slice(-MAX_FLOWS);
    const { jwt } = await this.keys.createJWT({
      payload: { aud: this.audience, flows },
      issuer: this.paths.issuer,
      validitySeconds: LIFETIME_SECONDS,
      useDynamicSigningKey: true,
    });
    this.setCookie(request, response, jwt, expiresAt * 1000, context);
  }

  /** @returns whether the request comes from the browser that began the flow */
  async wasBegunBy(request: BaseRequest, flow: SignInFlow): Promise<boolean> {
    const sought = stored(flow);
    return (await this.read(request)).some(
      ({ t, p, r, v }) => t === sought.t && p === sought.p && r === sought.r && (v === undefined || v === sought.v),
    );
  }

  /** A code is good once; other flows of the same browser, in other tabs, end by themselves. */
  async end(request: BaseRequest, response: BaseResponse, context: UserContext): Promise<void> {
    if ((await this.read(request)).length === 1) this.setCookie(request, response, '', 0, context);
  }

  /**
   * Whether the request must come with the cookie. Mobile applications and servers keep none, and no other site can
   * make them send anything. Nor can it make a browser send `st-auth-mode: header`, which takes a preflight: the
   * frontends that do may be where browsers do not keep our cookies, and compare the `state` themselves.
   */
  isNeededBy(request: BaseRequest, userContext: UserContext): boolean {
    const isBrowser = ['origin', 'sec-fetch-site'].some((name) => request.getHeaderValue(name) !== undefined);
    return isBrowser && this.isInCookieMode(request, userContext);
  }

  /** Whether whom we send to the provider is likely to bring the cookie back. Nothing else sends these headers. */
  keepsCookie(request: BaseRequest, userContext: UserContext): boolean {
    const names = ['origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest', 'cookie'];
    const isBrowser = names.some((name) => request.getHeaderValue(name) !== undefined);
    return isBrowser && this.isInCookieMode(request, userContext);
  }

  private isInCookieMode(request: BaseRequest, userContext: UserContext): boolean {
    const method = this.session.getTokenTransferMethod({ req: request, forCreateNewSession: true, userContext });
    if (method !== 'any') return method === 'cookie';
    return request.getHeaderValue('st-auth-mode')?.toLowerCase() !== 'header';
  }

  /** Of the token in the cookie: nothing else may take it for one of its own. */
  private get audience(): string {
    return `${this.paths.issuer}/signinup`;
  }

  private async read(request: BaseRequest): Promise<StoredFlow[]> {
    // A planted second cookie must not hide the one that we have set.
    const found = await Promise.all(
      request
        .getCookieValues(FLOW_COOKIE)
        .slice(0, 3)
        .map((each) => this.verify(each)),
    );
    return found.flat().filter(({ e }) => e > nowSeconds());
  }

  private async verify(token: string): Promise<StoredFlow[]> {
    if (token === '') return [];
    const { keys } = await this.keys.getJWKS();
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), {
        algorithms: [SIGNING_ALGORITHM],
        issuer: this.paths.issuer,
        audience: this.audience,
      });
      return z.array(storedFlow).parse(payload.flows);
    } catch {
      return [];
    }
  }

  private setCookie(
    request: BaseRequest,
    response: BaseResponse,
    value: string,
    expiresAtMs: number,
    context: UserContext,
  ): void {
    const { cookieDomain, cookieSecure } = this.session;
    const sameSite = this.session.getCookieSameSite(request, context);
    const path = this.paths.basePath === '' ? '/' : this.paths.basePath;
    response.setCookie(FLOW_COOKIE, value, cookieDomain, cookieSecure, true, expiresAtMs, path, sameSite);
  }
}

function stored(flow: SignInFlow): Omit<StoredFlow, 'e'> {
  const { tenantId: t, thirdPartyId: p, redirectURIOnProviderDashboard, pkceCodeVerifier } = flow;
  const v = pkceCodeVerifier === undefined ? {} : { v: digest(pkceCodeVerifier) };
  return { t, p, r: digest(redirectURIOnProviderDashboard), ...v };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
