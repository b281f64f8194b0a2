import { describe, expect, it } from '@jest/globals';
import { InProcessAttemptsCore } from '../core/in-process-attempts.core.js';
import type { AuthConfig } from '../http/auth-config.js';
import { ResendInterval } from './resend-interval.js';

const KIND = { channel: 'email', kind: 'passwordReset' } as const;
const ADA = { tenantId: 'public', account: 'ada@example.com' };

function intervalOf(resendIntervalSeconds: number): { interval: ResendInterval; clock: { nowMs: number } } {
  const clock = { nowMs: 0 };
  const attempts = new InProcessAttemptsCore(() => clock.nowMs);
  return { interval: new ResendInterval(attempts, { resendIntervalSeconds } as AuthConfig), clock };
}

const sent = async () => true;

describe('ResendInterval, where the core counts nothing', () => {
  it('lets the first of several send, and the next once the interval is over', async () => {
    const { interval, clock } = intervalOf(60);
    const runs = await Promise.all([1, 2, 3].map(() => interval.run(KIND, ADA, sent)));
    expect(runs).toEqual([true, undefined, undefined]);
    clock.nowMs = 59_999;
    expect(await interval.run(KIND, ADA, sent)).toBeUndefined();
    clock.nowMs = 60_000;
    expect(await interval.run(KIND, ADA, sent)).toBe(true);
  });

  it.each([
    ['kind', { channel: 'email', kind: 'emailVerification' } as const, ADA],
    ['channel', { channel: 'sms', kind: 'passwordReset' } as const, ADA],
    ['account', KIND, { ...ADA, account: 'bob@example.com' }],
    ['tenant', KIND, { ...ADA, tenantId: 'acme' }],
  ])('keeps nobody of another %s waiting', async (_what, kind, recipient) => {
    const { interval } = intervalOf(60);
    await interval.run(KIND, ADA, sent);
    expect(await interval.run(kind, recipient, sent)).toBe(true);
  });

  it('lets the next send where nothing was sent', async () => {
    const { interval } = intervalOf(60);
    const failing = interval.run(KIND, ADA, async () => {
      throw new Error('for the test');
    });
    await expect(failing).rejects.toThrow('for the test');
    expect(await interval.run(KIND, ADA, async () => false)).toBe(false);
    expect(await interval.run(KIND, ADA, sent)).toBe(true);
    await interval.forget(KIND, ADA);
    expect(await interval.run(KIND, ADA, sent)).toBe(true);
  });

  it('lets everybody send at 0', async () => {
    const { interval } = intervalOf(0);
    expect([await interval.run(KIND, ADA, sent), await interval.run(KIND, ADA, sent)]).toEqual([true, true]);
  });
});
