import { BadInputError } from './auth.error.js';
import type { EngineOption } from './engine-options.js';
import type { JsonObject } from './json.types.js';

/*
 * How drivers of a core configure an app and a tenant: `coreConfig`, whose keys and units are the wire's. An engine option says by
 * itself how it is named there.
 */

/** @returns the number of a value that is one, or the text of one; undefined for anything else */
function coreConfigNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

/** @returns the value in the unit of the option; undefined where it is not one that the option takes */
export function engineValue(
  { coreConfig, min, max, isFraction = false }: EngineOption,
  value: unknown,
): number | undefined {
  const { scale = 1 } = coreConfig ?? {};
  const number = coreConfigNumber(value);
  if (number === undefined || !(number / scale <= max)) return undefined;
  // Of other units than ours a fraction, or less than our least, is what the wire has: it is rounded.
  if (scale !== 1) return number > 0 ? Math.max(1, Math.round(number / scale)) : undefined;
  if (isFraction) return number > min ? number : undefined;
  return Number.isInteger(number) && number >= min ? number : undefined;
}

/** What an option takes by that way, in words. */
export function engineValueRange({ coreConfig, min, max, isFraction = false }: EngineOption): string {
  const { scale = 1 } = coreConfig ?? {};
  if (scale !== 1) return `a number greater than 0, at most ${max * scale}`;
  return isFraction ? `a number greater than ${min}, at most ${max}` : `a whole number from ${min} to ${max}`;
}

/** A value of an option, in the wire's unit. */
export function wireValue({ coreConfig }: EngineOption, value: number): number {
  const { scale = 1 } = coreConfig ?? {};
  // A sixtieth has no exact binary form, and a minute is to be one.
  return scale < 1 ? value / Math.round(1 / scale) : value * scale;
}

/** @returns what a `coreConfig` says of an option; undefined where it says nothing, or nothing that the option takes */
export function configuredValue(option: EngineOption, coreConfig: JsonObject): number | undefined {
  const { key } = option.coreConfig ?? {};
  return key !== undefined && Object.hasOwn(coreConfig, key) ? engineValue(option, coreConfig[key]) : undefined;
}

/**
 * @param coreConfig a change of it, in which `null` takes a key away
 * @throws {BadInputError} a key that a tenant cannot have, or a value that the key cannot have
 */
export function assertPossibleForTenant(options: readonly EngineOption[], coreConfig: JsonObject): void {
  for (const [key, value] of Object.entries(coreConfig)) {
    if (value === null) continue;
    const option = options.find(({ coreConfig: named }) => named?.key === key);
    if (option === undefined) throw new BadInputError(`Invalid core config: Invalid config key: ${shown(key)}`);
    if (option.coreConfig?.of !== 'tenant') {
      throw new BadInputError(`Invalid core config: '${key}' is set for the whole app, not for a tenant`);
    }
    if (engineValue(option, value) !== undefined) continue;
    throw new BadInputError(`Invalid core config: '${key}' must be ${engineValueRange(option)}`);
  }
}

/** It comes from the caller, and a browser takes answers for HTML. */
function shown(key: string): string {
  return key.replace(/[^\w.-]/g, '').slice(0, 100);
}
