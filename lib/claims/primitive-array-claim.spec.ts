import { describe, expect, test } from '@jest/globals';
import { PrimitiveArrayClaim } from './primitive-array-claim.js';
import type { SessionClaimValidator } from './session-claim.js';

const roles = new PrimitiveArrayClaim<string>({ key: 'roles', fetchValue: () => ['reader'] });
const { includes, excludes, includesAll, includesAny, excludesAll } = roles.validators;
const holding = (...v: string[]) => roles.addToPayload({}, v, {});
const fetchedAgo = (seconds: number) => ({ roles: { v: ['a', 'b'], t: Date.now() - seconds * 1000 } });

const cases: [string, SessionClaimValidator, string[][], string[][], object][] = [
  ['includes', includes('a'), [['a'], ['b', 'a']], [[], ['b'], ['ab']], { expectedToInclude: 'a' }],
  ['excludes', excludes('a'), [[], ['b'], ['ab']], [['a'], ['b', 'a']], { expectedToNotInclude: 'a' }],
  [
    'includesAll',
    includesAll(['a', 'b']),
    [
      ['a', 'b'],
      ['c', 'b', 'a'],
    ],
    [[], ['a'], ['c']],
    { expectedToInclude: ['a', 'b'] },
  ],
  [
    'includesAny',
    includesAny(['a', 'b']),
    [['a'], ['b', 'c'], ['a', 'b']],
    [[], ['c']],
    { expectedToIncludeAtLeastOneOf: ['a', 'b'] },
  ],
  [
    'excludesAll',
    excludesAll(['a', 'b']),
    [[], ['c']],
    [['a'], ['b', 'c'], ['a', 'b']],
    { expectedToNotInclude: ['a', 'b'] },
  ],
];

describe.each(cases)('%s', (_name, validator, good, bad, expectation) => {
  test('accepts and refuses as it should, with the reason as clients know it', () => {
    for (const values of good) expect(validator.validate(holding(...values), {})).toEqual({ isValid: true });
    for (const values of bad) {
      expect(validator.validate(holding(...values), {})).toEqual({
        isValid: false,
        reason: { message: 'wrong value', ...expectation, actualValue: values },
      });
    }
  });

  test('without a value says what was expected', async () => {
    expect(await validator.shouldRefetch!({}, {})).toBe(true);
    expect(validator.validate({}, {})).toEqual({
      isValid: false,
      reason: { message: 'value does not exist', ...expectation },
    });
  });

  test('fetches after five minutes, and says "expired" where the value stays old', async () => {
    expect(await validator.shouldRefetch!(fetchedAgo(299), {})).toBe(false);
    expect(await validator.shouldRefetch!(fetchedAgo(301), {})).toBe(true);
    expect(validator.validate(fetchedAgo(301), {})).toEqual({
      isValid: false,
      reason: { message: 'expired', ageInSeconds: expect.any(Number), maxAgeInSeconds: 300 },
    });
  });
});

describe('PrimitiveArrayClaim', () => {
  test('its age may be given for the claim and for each validator', async () => {
    const slow = new PrimitiveArrayClaim<string>({ key: 'roles', fetchValue: () => [], defaultMaxAgeInSeconds: 600 });
    expect(await slow.validators.includes('a').shouldRefetch!(fetchedAgo(400), {})).toBe(false);
    expect(await slow.validators.includes('a', 300).shouldRefetch!(fetchedAgo(400), {})).toBe(true);
    expect(slow.validators.includesAny(['a'], 1, 'own').id).toBe('own');
  });

  test('a list of nothing to include is met by every list, one of any of nothing by none', () => {
    expect(includesAll([]).validate(holding(), {})).toEqual({ isValid: true });
    expect(excludesAll([]).validate(holding('a'), {})).toEqual({ isValid: true });
    expect(includesAny([]).validate(holding('a'), {})).toMatchObject({ isValid: false });
  });

  test('values are compared without conversion', () => {
    const numbers = new PrimitiveArrayClaim<number | string>({ key: 'n', fetchValue: () => [] });
    const payload = numbers.addToPayload({}, ['1'], {});
    expect(numbers.validators.includes(1).validate(payload, {})).toMatchObject({ isValid: false });
    expect(numbers.validators.includes('1').validate(payload, {})).toEqual({ isValid: true });
  });
});
