import { describe, expect, test } from '@jest/globals';
import { BooleanClaim } from './boolean-claim.js';

const verified = new BooleanClaim({ key: 'verified', fetchValue: () => true });
const holding = (v: boolean) => verified.addToPayload({}, v, {});

describe('BooleanClaim', () => {
  test.each([
    ['isTrue', true, false],
    ['isFalse', false, true],
  ] as const)('%s accepts %s and nothing else', (name, good, bad) => {
    const validator = verified.validators[name]();
    expect(validator.id).toBe('verified');
    expect(validator.validate(holding(good), {})).toEqual({ isValid: true });
    expect(validator.validate(holding(bad), {})).toEqual({
      isValid: false,
      reason: { message: 'wrong value', expectedValue: good, actualValue: bad },
    });
    expect(validator.validate({}, {})).toEqual({
      isValid: false,
      reason: { message: 'value does not exist', expectedValue: good },
    });
    for (const truthy of ['true', 1, 'false', {}]) {
      expect(validator.validate({ verified: { v: truthy, t: Date.now() } }, {})).toMatchObject({ isValid: false });
    }
  });

  test('takes an age and a name', async () => {
    const validator = verified.validators.isTrue(60, 'own');
    expect(validator.id).toBe('own');
    const old = { verified: { v: true, t: Date.now() - 61_000 } };
    expect(await validator.shouldRefetch!(old, {})).toBe(true);
    expect(validator.validate(old, {})).toMatchObject({ isValid: false, reason: { message: 'expired' } });
  });

  test('has the validators of a primitive claim, too, and shares them with no other claim', () => {
    expect(verified.validators.hasValue(true).validate(holding(true), {})).toEqual({ isValid: true });
    const other = new BooleanClaim({ key: 'other', fetchValue: () => false });
    expect(other.validators.isTrue().id).toBe('other');
    expect(verified.validators.isTrue().id).toBe('verified');
  });
});
