import { expect, it } from '@jest/globals';
import { waitingTime } from './waiting-time.js';

it.each([
  [1, 'in 1 minute'],
  [61, 'in 2 minutes'],
  [7200, 'in 120 minutes'],
  [7201, 'in 3 hours'],
  [86_400 * 2, 'in 48 hours'],
  [86_400 * 3.5, 'in 4 days'],
])('%d s are told as %s', (seconds, text) => {
  expect(waitingTime(seconds)).toBe(text);
});

it('is told in other languages', () => {
  expect(waitingTime(180, 'de')).toBe('in 3 Minuten');
});
