import { jest } from '@jest/globals';

/**
 * Lets `Date.now` go on as far ahead as it is told to, for pauses that no test should wait for.
 * `jest.restoreAllMocks` takes it back.
 */
export function clockAhead(): (aheadMs: number) => void {
  const now = Date.now.bind(Date);
  let aheadMs = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs);
  return (nextMs) => {
    aheadMs = nextMs;
  };
}
