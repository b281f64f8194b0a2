import { Inject, Injectable } from '@nestjs/common';
import { type AttemptBucket, type AttemptRate, AttemptsCore } from '../../lib/core/attempts.core.js';
import { OverloadedError, TooManyAttemptsError } from '../../lib/core/auth.error.js';
import type { Core } from '../../lib/core/core.js';
import { normaliseEmail } from '../../lib/core/email-address.js';
import { retryAfterSeconds } from '../../lib/core/retry-after.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { CORE_SERVICE_OPTIONS, type CoreServiceOptions } from '../core-service.options.js';

const TEN_MINUTES = 600;
const YEAR = 31_536_000;
/** NIST SP 800-63B-4 §3.2.2: no more than 100 failures in a row. */
const IN_A_ROW = 100;

interface SignIn {
  tenantId: string;
  email: string;
}

/**
 * How often anybody may try to sign in to one account, for drivers that count nothing themselves. By address nothing is
 * counted: all requests come from the driver's server.
 */
@Injectable()
export class SignInLimits {
  private readonly rates: AttemptRate[];

  constructor(@Inject(CORE_SERVICE_OPTIONS) { signInAttempts = 10 }: CoreServiceOptions) {
    const rates = [
      { attempts: signInAttempts, seconds: TEN_MINUTES },
      { attempts: Math.max(signInAttempts, IN_A_ROW), seconds: YEAR },
    ];
    this.rates = signInAttempts === 0 ? [] : rates;
  }

  /**
   * Counted before anybody is looked up; a success, and what was refused before it began, is no attempt.
   * @throws {TooManyAttemptsError}
   */
  async attempt<T extends { status: string }>(core: Core, account: SignIn, signIn: () => Promise<T>): Promise<T> {
    const attempts = core.port(AttemptsCore);
    const buckets = this.rates.map((rate): AttemptBucket => ({ subject: subjectOf(account), name: 'signIn', rate }));
    for (const bucket of buckets) {
      const result = await attempts.take(bucket);
      if (!result.allowed) throw tooMany(result.retryAfterMs);
    }
    try {
      const result = await signIn();
      if (result.status === 'OK' && buckets.length > 0) await attempts.forget(buckets);
      return result;
    } catch (error) {
      if (error instanceof OverloadedError) for (const bucket of buckets) await attempts.giveBack(bucket);
      throw error;
    }
  }

  /** The password is another one: failures before it mean nothing. `userId` is a user's, or that of a login method. */
  async unlock(core: Core, userId: string): Promise<void> {
    const user = this.rates.length === 0 ? undefined : await core.port(UsersCore).getUser(userId);
    const subjects = (user?.loginMethods ?? []).flatMap(({ email, tenantIds }) =>
      email === undefined ? [] : tenantIds.map((tenantId) => subjectOf({ tenantId, email })),
    );
    if (subjects.length > 0) await core.port(AttemptsCore).forgetSubjects(subjects);
  }
}

/** Another one than our own driver's, which counts for itself. */
function subjectOf({ tenantId, email }: SignIn): string {
  return `wire account\0${tenantId}\0${normaliseEmail(email)}`;
}

function tooMany(retryAfterMs: number): TooManyAttemptsError {
  const refused = { action: 'signIn', retryAfterSeconds: retryAfterSeconds(retryAfterMs / 1000) };
  return new TooManyAttemptsError('Too many attempts to sign in to this account', refused);
}
