import { z } from 'zod';
import type { EngineOption, EngineOptionTable } from './engine-options.js';

/** A whole number, in words that end a message. */
export function wholeSchema(min: number, max: number, unit: string, source = '') {
  const expected = `a whole number of ${unit} from ${min} to ${max}${source}`;
  return z.int(expected).min(min, expected).max(max, expected);
}

/** @param source how it is given, for messages, where that is not plain, such as `, by an environment variable` */
export function engineOptionSchema({ min, max, unit, isFraction = false }: EngineOption, source = '') {
  if (!isFraction) return wholeSchema(min, max, unit, source);
  const expected = `a number of ${unit} greater than ${min}, at most ${max}${source}`;
  return z.number(expected).gt(min, expected).max(max, expected);
}

/** Each option of a table, by its name, and each may be missing. */
export function engineOptionShape(
  table: EngineOptionTable,
  schemaOf: (option: EngineOption) => z.ZodType = (option) => engineOptionSchema(option),
): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(table).map(([name, option]) => [name, schemaOf(option).optional()]));
}
