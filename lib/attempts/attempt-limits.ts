import { Inject, Injectable, Logger } from '@nestjs/common';
import { AttemptsCore, type AttemptBucket, type AttemptRate } from '../core/attempts.core.js';
import { TooManyAttemptsError, UnknownTenantError } from '../core/auth.error.js';
import { PUBLIC_TENANT_ID } from '../core/core.js';
import { retryAfterSeconds } from '../core/retry-after.js';
import { TenantsCore } from '../core/tenants.core.js';
import { UsersCore, type LoginMethod } from '../core/users.core.js';
import { clientAddress, isBehindUnknownProxy, networkOf } from '../http/client-address.js';
import { getRequestFromUserContext } from '../http/user-context.js';
import type { Attempt, AttemptActionName, AttemptRates, RefusedAttempt } from '../http/attempt-action.js';
import { ATTEMPT_LIMITS_CONFIG, type AttemptLimitsConfig } from './attempt-limits.options.js';
import { KnownDevices } from './known-devices.js';
import { waitingTime } from './waiting-time.js';

/** An attempt that was counted. */
export interface CountedAttempt {
  action: AttemptActionName;
  /** Of the account or of the device. */
  ofAccount: AttemptBucket[];
  /** Of the address and of the tenant. */
  ofOthers: AttemptBucket[];
}

type Countable = { by: RefusedAttempt['by']; bucket: AttemptBucket };

/**
 * How often what may be attempted, and what is said to those who come too often. Override any of it by a subclass, for one
 * tenant for instance:
 *
 * ```ts
 * @Injectable()
 * class Limits extends AttemptLimits {
 *   override async getRates(attempt: Attempt) {
 *     const rates = await super.getRates(attempt);
 *     return attempt.tenantId === 'bank' ? { ...rates, account: [{ attempts: 3, seconds: 900 }] } : rates;
 *   }
 * }
 * ```
 */
@Injectable()
export class AttemptLimits {
  @Inject(ATTEMPT_LIMITS_CONFIG) protected readonly attemptLimitsConfig!: AttemptLimitsConfig;
  @Inject(AttemptsCore) protected readonly attemptsCore!: AttemptsCore;
  @Inject(UsersCore) protected readonly usersCore!: UsersCore;
  @Inject(KnownDevices) protected readonly knownDevices!: KnownDevices;
  @Inject(TenantsCore) private readonly tenantsCore!: TenantsCore;
  private hasWarnedOfProxy = false;
  private hasNotedSeparateCounts = false;

  /** The rates of an action, as declared by its recipe and changed by the options. */
  async getRates({ action }: Attempt): Promise<AttemptRates> {
    return this.attemptLimitsConfig.actions.get(action) ?? {};
  }

  /** Where an attempt comes from. @returns undefined where that is unknown: then nothing is counted by address */
  async getAddress({ userContext }: Attempt): Promise<string | undefined> {
    const request = getRequestFromUserContext(userContext);
    if (request === undefined) return undefined;
    const { trustedProxies } = this.attemptLimitsConfig;
    const address = clientAddress(request, trustedProxies);
    const isSuspicious =
      trustedProxies === undefined && address !== undefined && isBehindUnknownProxy(request, address);
    if (isSuspicious) this.warnOfProxy(address);
    return address;
  }

  /** @returns a name of the device, where the account has signed in there before; undefined elsewhere */
  async getKnownDevice(attempt: Attempt & { account: string }): Promise<string | undefined> {
    return this.knownDevices.recognise(attempt);
  }

  /** What a person is told, on our routes and in the answer 429. */
  async getMessage({ retryAfterSeconds: seconds }: RefusedAttempt): Promise<string> {
    return `Too many attempts. Please try again ${waitingTime(seconds)}.`;
  }

  /**
   * Counts an attempt. Routes of recipes do so by themselves; anything else that is attempted calls it first, before it
   * looks whether there is such an account, and outside of transactions: a rollback would take the attempt back.
   * @returns what `succeed` takes
   * @throws {TooManyAttemptsError} there were too many
   * @throws {UnknownTenantError} there is no such tenant
   */
  async count(attempt: Attempt): Promise<CountedAttempt> {
    const counted: CountedAttempt = { action: attempt.action, ofAccount: [], ofOthers: [] };
    if (!this.attemptLimitsConfig.isEnabled) return counted;
    await this.assertTenant(attempt.tenantId);
    // The address first: somebody whom it stops must not use up the attempts of an account.
    for (const { by, bucket } of await this.bucketsOf(attempt)) {
      const result = await this.attemptsCore.take(bucket);
      if (!result.allowed) throw await this.refusal({ ...attempt, by, ...retryAfter(result.retryAfterMs) });
      (by === 'account' || by === 'device' ? counted.ofAccount : counted.ofOthers).push(bucket);
    }
    if (!this.attemptsCore.isShared) this.noteSeparateCounts();
    return counted;
  }

  /**
   * The attempt has succeeded. Where its action says so, that was none, and those of the account before it are forgotten.
   */
  async succeed({ action, ofAccount, ofOthers }: CountedAttempt): Promise<void> {
    if (this.attemptLimitsConfig.actions.get(action)?.forgivesSuccess !== true) return;
    if (ofAccount.length > 0) await this.attemptsCore.forget(ofAccount);
    for (const bucket of ofOthers) await this.attemptsCore.giveBack(bucket);
  }

  /** Nothing was attempted, such as where too much was to be hashed already. Routes of recipes do so by themselves. */
  async takeBack({ ofAccount, ofOthers }: CountedAttempt): Promise<void> {
    for (const bucket of [...ofAccount, ...ofOthers]) await this.attemptsCore.giveBack(bucket);
  }

  /**
   * Forgets every attempt at the user's accounts, from whatever device and at whatever action.
   * `userId` is a user's, or that of a login method.
   * @returns whether there is such a user
   */
  async unlock({ userId }: { userId: string }): Promise<boolean> {
    const user = await this.usersCore.getUser(userId);
    if (user === undefined) return false;
    const subjects = user.loginMethods.flatMap((method) =>
      method.tenantIds.flatMap((tenantId) => accountsOf(method).map((account) => accountSubject(tenantId, account))),
    );
    await this.attemptsCore.forgetSubjects([...new Set(subjects)]);
    return true;
  }

  /** Each tenant has limits of its own, so an attacker who makes up tenants would have no limit. */
  private async assertTenant(tenantId: string): Promise<void> {
    const exists = tenantId === PUBLIC_TENANT_ID || (await this.tenantsCore.tenantExists(tenantId));
    if (!exists) throw new UnknownTenantError(tenantId);
  }

  private warnOfProxy(address: string): void {
    if (this.hasWarnedOfProxy) return;
    this.hasWarnedOfProxy = true;
    new Logger('Latchkey').warn(
      `Requests come through a proxy at ${address} that is not trusted, so that everybody behind it is one address for attempt ` +
        'limits, and soon refused. Set "trust proxy" (Express) or trustProxy (Fastify), or give attemptLimits: { trustedProxies: 1 }.',
    );
  }

  private noteSeparateCounts(): void {
    if (this.hasNotedSeparateCounts) return;
    this.hasNotedSeparateCounts = true;
    new Logger('Latchkey').log(
      'The core in another process counts no attempts for us: sign-ins and other attempts are limited in the memory of this ' +
        'process alone. N replicas let N times as many through, and a restart forgets them.',
    );
  }

  private async bucketsOf(attempt: Attempt): Promise<Countable[]> {
    const { action, tenantId, account } = attempt;
    const rates = await this.getRates(attempt);
    const ofDevice = rates.device ?? rates.account;
    const device =
      account !== undefined && isLimited(ofDevice) ? await this.getKnownDevice({ ...attempt, account }) : undefined;
    // Nobody else can use these up: neither who guesses at the account, nor who shares the address.
    if (device !== undefined)
      return buckets('device', accountSubject(tenantId, account!), `${action}\0${device}`, ofDevice);
    const address = isLimited(rates.address) ? await this.getAddress(attempt) : undefined;
    return [
      ...buckets('address', `address\0${tenantId}\0${address && networkOf(address)}`, action, address && rates.address),
      ...buckets('tenant', `tenant\0${tenantId}`, action, rates.tenant),
      ...buckets('account', accountSubject(tenantId, account ?? ''), action, account && rates.account),
    ];
  }

  private async refusal(refused: RefusedAttempt): Promise<TooManyAttemptsError> {
    return new TooManyAttemptsError(await this.getMessage(refused), refused);
  }
}

function buckets(
  by: Countable['by'],
  subject: string,
  name: string,
  rates: readonly AttemptRate[] | '' | undefined,
): Countable[] {
  return (rates || []).map((rate) => ({ by, bucket: { subject, name, rate } }));
}

function isLimited(rates: readonly AttemptRate[] | undefined): boolean {
  return rates !== undefined && rates.length > 0;
}

function retryAfter(retryAfterMs: number): { retryAfterSeconds: number } {
  return { retryAfterSeconds: retryAfterSeconds(retryAfterMs / 1000) };
}

function accountSubject(tenantId: string, account: string): string {
  return `account\0${tenantId}\0${account}`;
}

/** By whatever an attempt may have named it. */
function accountsOf({ recipeUserId, email, phoneNumber, accountKey }: LoginMethod): string[] {
  return [recipeUserId, email, phoneNumber, accountKey].filter((name) => name !== undefined);
}
