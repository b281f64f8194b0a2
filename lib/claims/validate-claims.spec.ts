import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../core/json.types.js';
import { PrimitiveClaim } from './primitive-claim.js';
import type { ClaimPayload, SessionClaimValidator } from './session-claim.js';
import { validateClaims } from './validate-claims.js';

const who = { userId: 'ada', recipeUserId: 'ada-by-password', tenantId: 'public' };
const validate = (accessTokenPayload: ClaimPayload, claimValidators: SessionClaimValidator[], userContext = {}) =>
  validateClaims({ ...who, accessTokenPayload, claimValidators, userContext });

function counted(value: string | undefined, delayMs = 0) {
  const claim = new PrimitiveClaim<string>({
    key: 'plan',
    fetchValue: async () => {
      fetched.count++;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      return value;
    },
  });
  const fetched = { claim, count: 0 };
  return fetched;
}

describe('validateClaims', () => {
  test('without validators everything is fine', async () => {
    expect(await validate({}, [])).toEqual({ invalidClaims: [], accessTokenPayloadUpdate: undefined });
  });

  test('fetches what is missing, once for all validators of a claim, and tells what to write', async () => {
    const plan = counted('pro');
    const { hasValue } = plan.claim.validators;
    const result = await validate({ other: 1 }, [hasValue('pro'), hasValue('pro', 60), hasValue('free', 60, 'second')]);
    expect(plan.count).toBe(1);
    expect(result).toEqual({
      invalidClaims: [{ id: 'second', reason: { message: 'wrong value', expectedValue: 'free', actualValue: 'pro' } }],
      accessTokenPayloadUpdate: { plan: { v: 'pro', t: expect.any(Number) } },
    });
  });

  test('fetches nothing that is there, and changes no payload', async () => {
    const plan = counted('free');
    const payload = Object.freeze({ plan: Object.freeze({ v: 'pro', t: Date.now() }) });
    expect(await validate(payload, [plan.claim.validators.hasValue('pro', 60)])).toEqual({
      invalidClaims: [],
      accessTokenPayloadUpdate: undefined,
    });
    expect(plan.count).toBe(0);
  });

  test('a fetch that finds no value leaves the old one, which is then too old', async () => {
    const plan = counted(undefined);
    const payload: JsonObject = { plan: { v: 'pro', t: Date.now() - 100_000 } };
    const result = await validate(payload, [plan.claim.validators.hasValue('pro', 60)]);
    expect(result.accessTokenPayloadUpdate).toBeUndefined();
    expect(result.invalidClaims).toMatchObject([{ id: 'plan', reason: { message: 'expired', maxAgeInSeconds: 60 } }]);
  });

  test('a value just fetched is not too old because another claim took its time', async () => {
    const [plan, slow] = [counted('pro'), counted('yes', 50)];
    const other = new PrimitiveClaim<string>({ key: 'slow', fetchValue: slow.claim.fetchValue.bind(slow.claim) });
    const validators = [plan.claim.validators.hasValue('pro', 0), other.validators.hasValue('yes', 0)];
    for (let round = 0; round < 3; round++) {
      expect((await validate({}, validators)).invalidClaims).toEqual([]);
    }
    expect(plan.count).toBe(3);
  });

  test('one that is shared by calls at once judges each by its own time', async () => {
    const plan = counted('pro', 20);
    const validator = plan.claim.validators.hasValue('pro', 0);
    const results = await Promise.all([1, 2, 3, 4].map(() => validate({}, [validator])));
    expect(results.map(({ invalidClaims }) => invalidClaims)).toEqual([[], [], [], []]);
  });

  test('a later claim sees what an earlier one wrote, and all validators see everything', async () => {
    const seen: ClaimPayload[] = [];
    const plan = counted('pro');
    const derived = new PrimitiveClaim<string>({
      key: 'derived',
      fetchValue: (_userId, _recipeUserId, _tenantId, payload) => `of ${plan.claim.getValueFromPayload(payload)}`,
    });
    const watching: SessionClaimValidator = {
      id: 'watching',
      validate: (payload) => {
        seen.push(payload);
        return { isValid: true };
      },
    };
    const { hasValue } = plan.claim.validators;
    const result = await validate({}, [watching, hasValue('pro'), derived.validators.hasValue('of pro')]);
    expect(result.invalidClaims).toEqual([]);
    expect(seen).toEqual([{ plan: expect.anything(), derived: expect.anything() }]);
  });

  test('every validator is asked, with the context, also after one has failed', async () => {
    const userContext = { request: 'one' };
    const contexts: unknown[] = [];
    const failing = (id: string): SessionClaimValidator => ({
      id,
      validate: async (_payload, context) => {
        contexts.push(context);
        return { isValid: false, reason: { id } };
      },
    });
    const result = await validate({}, [failing('a'), failing('b')], userContext);
    expect(result.invalidClaims).toEqual([
      { id: 'a', reason: { id: 'a' } },
      { id: 'b', reason: { id: 'b' } },
    ]);
    expect(contexts.every((context) => context === userContext)).toBe(true);
  });

  test('a claim that cannot be fetched fails the call, so that nothing is let through', async () => {
    const broken = new PrimitiveClaim<string>({ key: 'broken', fetchValue: () => Promise.reject(new Error('down')) });
    await expect(validate({}, [broken.validators.hasValue('x')])).rejects.toThrow('down');
  });
});
