import { describe, expect, test } from '@jest/globals';
import { PrimitiveClaim } from './primitive-claim.js';

const plan = new PrimitiveClaim<string>({ key: 'plan', fetchValue: (userId) => `plan of ${userId}` });
const fetchedAgo = (seconds: number, v: string) => ({ plan: { v, t: Date.now() - seconds * 1000 } });

describe('PrimitiveClaim', () => {
  test('is written beside the other claims with the time of its fetching, into a new payload', () => {
    const payload = Object.freeze({ other: 1 });
    const before = Date.now();
    const written = plan.addToPayload(payload, 'pro', {});
    expect(written).toEqual({ other: 1, plan: { v: 'pro', t: expect.any(Number) } });
    expect(plan.getLastRefetchTime(written)).toBeGreaterThanOrEqual(before);
    expect(plan.getLastRefetchTime(written)).toBeLessThanOrEqual(Date.now());
  });

  test('is read back and removed', () => {
    const written = plan.addToPayload({ other: 1 }, 'pro', {});
    expect(plan.getValueFromPayload(written)).toBe('pro');
    expect(plan.removeFromPayload(written)).toEqual({ other: 1 });
    expect(plan.removeFromPayloadByMerge()).toEqual({ plan: null });
  });

  test.each([{}, { plan: null }, { plan: 'pro' }, { plan: [] }, { plan: { t: 1 } }, { plan: 7 }])(
    'there is no value in %j',
    (payload) => {
      expect(plan.getValueFromPayload(payload)).toBeUndefined();
      expect(plan.getLastRefetchTime(payload)).toBeUndefined();
    },
  );

  test.each([false, 0, '', null])('the value %j is one', (value) => {
    const claim = new PrimitiveClaim<typeof value>({ key: 'c', fetchValue: () => value });
    const payload = claim.addToPayload({}, value, {});
    expect(claim.getValueFromPayload(payload)).toBe(value);
    expect(claim.validators.hasValue(value).validate(payload, {})).toEqual({ isValid: true });
  });

  test('build gives an update with the value fetched, or nothing', async () => {
    expect(await plan.build('ada', 'ada', 'public', {}, {})).toEqual({
      plan: { v: 'plan of ada', t: expect.any(Number) },
    });
    const none = new PrimitiveClaim<string>({ key: 'none', fetchValue: async () => undefined });
    expect(await none.build('ada', 'ada', 'public', {}, {})).toEqual({});
  });

  test('fetchValue is told everything about the session', async () => {
    const inputs: unknown[] = [];
    const claim = new PrimitiveClaim<string>({
      key: 'c',
      fetchValue: (...input) => {
        inputs.push(...input);
        return 'x';
      },
    });
    const [payload, userContext] = [{ a: 1 }, { b: 2 }];
    await claim.build('ada', 'ada-by-password', 'acme', payload, userContext);
    expect(inputs).toEqual(['ada', 'ada-by-password', 'acme', payload, userContext]);
    expect(inputs[4]).toBe(userContext);
  });
});

describe('hasValue', () => {
  const { hasValue } = plan.validators;

  test('is named after the claim, or as the application likes', () => {
    expect(hasValue('pro').id).toBe('plan');
    expect(hasValue('pro', undefined, 'own').id).toBe('own');
    expect(hasValue('pro').claim).toBe(plan);
  });

  test('accepts the value, of any age where none is asked for', async () => {
    const payload = fetchedAgo(10_000_000, 'pro');
    expect(await hasValue('pro').shouldRefetch!(payload, {})).toBe(false);
    expect(hasValue('pro').validate(payload, {})).toEqual({ isValid: true });
  });

  test('a missing value is to be fetched; without one the reason is "value does not exist"', async () => {
    expect(await hasValue('pro').shouldRefetch!({}, {})).toBe(true);
    expect(hasValue('pro').validate({}, {})).toEqual({
      isValid: false,
      reason: { message: 'value does not exist', expectedValue: 'pro' },
    });
  });

  test('another value is not fetched again; the reason is "wrong value"', async () => {
    const payload = fetchedAgo(1, 'free');
    expect(await hasValue('pro').shouldRefetch!(payload, {})).toBe(false);
    expect(hasValue('pro').validate(payload, {})).toEqual({
      isValid: false,
      reason: { message: 'wrong value', expectedValue: 'pro', actualValue: 'free' },
    });
  });

  test('a value older than the age is to be fetched; where it stays old the reason is "expired"', async () => {
    const validator = hasValue('pro', 60);
    expect(await validator.shouldRefetch!(fetchedAgo(59, 'pro'), {})).toBe(false);
    expect(validator.validate(fetchedAgo(59, 'pro'), {})).toEqual({ isValid: true });
    expect(await validator.shouldRefetch!(fetchedAgo(61, 'pro'), {})).toBe(true);
    const result = await validator.validate(fetchedAgo(61, 'pro'), {});
    const ageInSeconds = (result as { isValid: false; reason: { ageInSeconds: number } }).reason.ageInSeconds;
    expect(result).toEqual({ isValid: false, reason: { message: 'expired', ageInSeconds, maxAgeInSeconds: 60 } });
    expect(ageInSeconds).toBeGreaterThanOrEqual(61);
    expect(ageInSeconds).toBeLessThan(70);
  });

  test('the age of the claim counts where the validator has none, and the validator wins', async () => {
    const aging = new PrimitiveClaim<string>({ key: 'plan', fetchValue: () => 'pro', defaultMaxAgeInSeconds: 60 });
    const payload = fetchedAgo(100, 'pro');
    expect(await aging.validators.hasValue('pro').shouldRefetch!(payload, {})).toBe(true);
    expect(await aging.validators.hasValue('pro', 200).shouldRefetch!(payload, {})).toBe(false);
    expect(await aging.validators.hasValue('pro', 0).shouldRefetch!(payload, {})).toBe(true);
  });

  test('a value without a time is as old as can be', async () => {
    expect(await hasValue('pro', 60).shouldRefetch!({ plan: { v: 'pro' } }, {})).toBe(true);
    expect(await hasValue('pro').shouldRefetch!({ plan: { v: 'pro' } }, {})).toBe(false);
  });

  test('values are compared without conversion', () => {
    const count = new PrimitiveClaim<number | string>({ key: 'count', fetchValue: () => 1 });
    expect(count.validators.hasValue(1).validate(count.addToPayload({}, '1', {}), {})).toMatchObject({
      isValid: false,
    });
  });
});
