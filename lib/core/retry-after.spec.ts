import { describe, expect, it } from '@jest/globals';
import { retryAfterSeconds } from './retry-after.js';

describe('retryAfterSeconds', () => {
  it.each([
    [0, 1, 5],
    [1, 1, 5],
    [2.1, 3, 7],
    [60, 60, 66],
    [3600, 3600, 3960],
  ])('%d s is some whole number of seconds from %d to %d, not always the same', (seconds, earliest, latest) => {
    const values = Array.from({ length: 400 }, () => retryAfterSeconds(seconds));
    expect(values.filter((value) => !Number.isInteger(value) || value < earliest || value > latest)).toEqual([]);
    expect(new Set(values).size).toBeGreaterThan(3);
  });
});
