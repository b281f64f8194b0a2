import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ATTEMPT_LIMITS_CONFIG, type AttemptLimitsConfig } from '../../attempts/attempt-limits.options.js';
import { KnownDevices } from '../../attempts/known-devices.js';
import { DAY_SECONDS } from '../../core/engine-options.js';
import type { Attempt } from '../../http/attempt-action.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import { getRequestFromUserContext, type UserContext } from '../../http/user-context.js';
import { type SignedCookie, SignedCookies } from './signed-cookies.js';
import { TokenTransfer } from './token-transfer.js';

const DEVICE_COOKIE = 'sKnownDevice';
/** Of people who share a browser: the account that signed in longest ago makes room. */
const MAX_ACCOUNTS = 3;

/** What must still be so for the device to be known, as the recipe that signed the account in says. */
export interface DeviceProof {
  /** The recipe that judges it. */
  recipeId: string;
  value: string;
}

/** Who has signed in on the device that a request comes from. */
export interface DeviceToRemember {
  tenantId: string;
  /** What somebody will sign in by, such as the email. */
  account: string;
  proof?: DeviceProof;
  userContext: UserContext;
}

const storedAccount = z.object({
  /** A hash of tenant and account: the cookie tells nobody who has signed in. */
  a: z.string(),
  /** The name of the device for this account. */
  d: z.string(),
  p: z.tuple([z.string(), z.string()]).optional(),
  /** Seconds since the Unix epoch. */
  e: z.number(),
});
type StoredAccount = z.infer<typeof storedAccount>;

/**
 * Remembers in a browser, by a signed cookie, that an account has signed in there. Such a browser has attempts of its own,
 * so that somebody who guesses elsewhere cannot lock the person out. It opens nothing: a password is needed as before.
 */
@Injectable()
export class DeviceCookie {
  @Inject(SignedCookies) private readonly cookies!: SignedCookies;
  @Inject(ATTEMPT_LIMITS_CONFIG) private readonly limits!: AttemptLimitsConfig;
  @Inject(TokenTransfer) private readonly transfer!: TokenTransfer;
  private readonly judges = new Map<string, (value: string) => Promise<boolean>>();

  constructor(@Inject(KnownDevices) devices: KnownDevices) {
    devices.register((attempt) => this.recognise(attempt));
  }

  /**
   * Says how proofs of a recipe are checked.
   * @param judge whether a proof of the recipe still holds, such as that the password is the same
   */
  judgeProofs(recipeId: string, judge: (value: string) => Promise<boolean>): void {
    this.judges.set(recipeId, judge);
  }

  /** To be called when the account has signed in. Clients that hold tokens in headers keep no cookies. */
  async remember(request: BaseRequest, response: BaseResponse, device: DeviceToRemember): Promise<void> {
    const { tenantId, account, proof, userContext } = device;
    const { cookie } = this;
    if (!this.limits.isEnabled || cookie.lifetimeSeconds === 0) return;
    if (this.transfer.methodForNewSession(request, userContext) !== 'cookie') return;
    const [a, e] = [digest(tenantId, account), this.cookies.endOf(cookie)];
    const known = await this.cookies.read(request, cookie);
    const d = known.find((each) => each.a === a)?.d ?? randomBytes(12).toString('base64url');
    const p = proof && ([proof.recipeId, proof.value] as [string, string]);
    const accounts = [...known.filter((each) => each.a !== a), { a, d, p, e }].slice(-MAX_ACCOUNTS);
    await this.cookies.write(request, response, cookie, accounts, userContext);
  }

  private async recognise({ tenantId, account, userContext }: Attempt & { account: string }) {
    const request = getRequestFromUserContext(userContext);
    if (request?.getCookieValue(DEVICE_COOKIE) === undefined) return undefined;
    const a = digest(tenantId, account);
    const known = (await this.cookies.read(request, this.cookie)).find((each) => each.a === a);
    return known !== undefined && (await this.holds(known)) ? known.d : undefined;
  }

  private async holds({ p }: StoredAccount): Promise<boolean> {
    if (p === undefined) return true;
    const [recipeId, value] = p;
    return (await this.judges.get(recipeId)?.(value)) === true;
  }

  private get cookie(): SignedCookie<StoredAccount> {
    return {
      name: DEVICE_COOKIE,
      audience: 'known-device',
      entry: storedAccount,
      lifetimeSeconds: this.limits.knownDeviceLifetimeDays * DAY_SECONDS,
      // The others retire long before.
      useDynamicSigningKey: false,
    };
  }
}

function digest(tenantId: string, account: string): string {
  return createHash('sha256').update(`${tenantId}\0${account}`).digest('base64url').slice(0, 22);
}
