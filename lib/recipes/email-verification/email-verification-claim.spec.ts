import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../../core/auth.error.js';
import { EmailVerificationClaim } from './email-verification-claim.js';

const { isVerified } = EmailVerificationClaim.validators;
const known = (v: boolean, ageInSeconds = 0) => ({ 'st-ev': { v, t: Date.now() - ageInSeconds * 1000 } });

describe('EmailVerificationClaim', () => {
  it('is written as clients read it', () => {
    expect(EmailVerificationClaim.key).toBe('st-ev');
    const payload = EmailVerificationClaim.addToPayload({ a: 1 }, true, {});
    expect(payload).toEqual({ a: 1, 'st-ev': { v: true, t: expect.any(Number) } });
  });

  it('cannot be fetched outside of an application that has the recipe', async () => {
    expect(() => EmailVerificationClaim.fetchValue('u', 'u', 'public', {}, {})).toThrow(ConfigurationError);
    await expect(EmailVerificationClaim.build('u', 'u', 'public', {}, {})).rejects.toThrow(
      'Add EmailVerificationRecipe.init({ mode }) to recipeList',
    );
  });

  describe('isVerified', () => {
    it('is met by true only, and says what it would have', async () => {
      expect(isVerified().id).toBe('st-ev');
      expect(await isVerified().validate(known(true), {})).toEqual({ isValid: true });
      expect(await isVerified().validate(known(false), {})).toEqual({
        isValid: false,
        reason: { message: 'wrong value', expectedValue: true, actualValue: false },
      });
      expect(await isVerified().validate({}, {})).toEqual({
        isValid: false,
        reason: { message: 'value does not exist', expectedValue: true },
      });
    });

    it.each<[string, object, number | undefined, number | undefined, boolean]>([
      ['nothing', {}, undefined, undefined, true],
      ['something else', { 'st-ev': true }, undefined, undefined, true],
      ['false, just now', known(false), undefined, undefined, false],
      ['false, 5 seconds ago', known(false, 5), undefined, undefined, false],
      ['false, 11 seconds ago', known(false, 11), undefined, undefined, true],
      ['false, 11 seconds ago, of 60', known(false, 11), 60, undefined, false],
      ['false, 2 seconds ago, of 1', known(false, 2), 1, undefined, true],
      ['true, a year ago', known(true, 31_536_000), undefined, undefined, false],
      ['true, 5 seconds ago, of 60', known(true, 5), 10, 60, false],
      ['true, 61 seconds ago, of 60', known(true, 61), 10, 60, true],
      ['false, 5 seconds ago, of 2', known(false, 5), 10, 2, true],
    ])('asks again, or not, where it knows %s', async (_what, payload, refetchOnFalse, maxAge, refetches) => {
      expect(await isVerified(refetchOnFalse, maxAge).shouldRefetch?.(payload as never, {})).toBe(refetches);
    });
  });

  it('has the validators of every truth value beside it', () => {
    expect(EmailVerificationClaim.validators.isTrue().validate(known(true), {})).toEqual({ isValid: true });
    expect(EmailVerificationClaim.validators.isFalse().validate(known(false), {})).toEqual({ isValid: true });
  });
});
