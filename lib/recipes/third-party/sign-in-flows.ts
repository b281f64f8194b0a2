import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import type { UserContext } from '../../http/user-context.js';
import { SESSION_CONFIG, type SessionConfig, type SignedCookie, SignedCookies } from '../session/index.js';

/** Tabs and second thoughts: the oldest makes room. */
const MAX_FLOWS = 5;

/** Which code a browser may bring: of the provider that it was sent to, by the address that it is to come back by. */
interface SignInFlow {
  tenantId: string;
  thirdPartyId: string;
  redirectURIOnProviderDashboard: string;
  /** As the client was given it. */
  pkceCodeVerifier?: string;
}

const storedFlow = z.object({ t: z.string(), p: z.string(), r: z.string(), v: z.string().optional(), e: z.number() });
type StoredFlow = z.infer<typeof storedFlow>;

const FLOW_COOKIE: SignedCookie<StoredFlow> = {
  name: 'sThirdPartyFlow',
  audience: 'signinup',
  entry: storedFlow,
  /** As long as a person may take at the provider's login page. */
  lifetimeSeconds: 600,
  useDynamicSigningKey: true,
};

/**
 * Binds a code to the browser that was sent to fetch it, by a cookie: otherwise a code that somebody else has got could be
 * slipped to a browser, or brought by another one. The cookie holds hashes, and says nothing to who reads it.
 * @see RFC 9700 §4.7.1 and RFC 6749 §10.12
 */
@Injectable()
export class SignInFlows {
  @Inject(SignedCookies) private readonly cookies!: SignedCookies;
  @Inject(SESSION_CONFIG) private readonly session!: SessionConfig;

  /** Remembers, in the browser, that it was sent to the provider. */
  async begin(flow: SignInFlow, request: BaseRequest, response: BaseResponse, context: UserContext): Promise<void> {
    const known = await this.cookies.read(request, FLOW_COOKIE);
    const flows = [...known, { ...stored(flow), e: this.cookies.endOf(FLOW_COOKIE) }].slice(-MAX_FLOWS);
    await this.cookies.write(request, response, FLOW_COOKIE, flows, context);
  }

  /** @returns whether the request comes from the browser that began the flow */
  async wasBegunBy(request: BaseRequest, flow: SignInFlow): Promise<boolean> {
    const sought = stored(flow);
    return (await this.cookies.read(request, FLOW_COOKIE)).some(
      ({ t, p, r, v }) => t === sought.t && p === sought.p && r === sought.r && (v === undefined || v === sought.v),
    );
  }

  /** A code is good once; other flows of the same browser, in other tabs, end by themselves. */
  async end(request: BaseRequest, response: BaseResponse, context: UserContext): Promise<void> {
    const flows = await this.cookies.read(request, FLOW_COOKIE);
    if (flows.length === 1) this.cookies.clear(request, response, FLOW_COOKIE, context);
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
}

function stored(flow: SignInFlow): Omit<StoredFlow, 'e'> {
  const { tenantId: t, thirdPartyId: p, redirectURIOnProviderDashboard, pkceCodeVerifier } = flow;
  const v = pkceCodeVerifier === undefined ? {} : { v: digest(pkceCodeVerifier) };
  return { t, p, r: digest(redirectURIOnProviderDashboard), ...v };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
