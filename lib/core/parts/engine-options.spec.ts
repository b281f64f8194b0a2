import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { assertDistinct, assertOptions, coreParts, engineOptionTable } from './core-parts.js';
import { lifetimesMistake } from '../engine-options.js';

/** The cells of a row of a table in a guide. */
function rowOf(guide: string, name: string): string[] {
  const text = readFileSync(new URL(`../../../docs/guides/${guide}.md`, import.meta.url), 'utf8');
  const row = text.split('\n').find((line) => line.startsWith('|') && line.includes(`| \`${name}\` `));
  return (row ?? '').split('|').map((cell) => cell.trim());
}

describe('The options of the engine', () => {
  const options = Object.entries(engineOptionTable());

  it.each(options)('say of %s in the guides what they say in code', (name, option) => {
    const { min, max, isFraction, doc, environment } = option;
    const meaning = `${doc}; ${isFraction ? `above ${min},` : min} to ${max}`;

    expect(rowOf('options', name)).toEqual(['', `\`${name}\``, `\`${option.default}\``, meaning, '']);
    expect(rowOf('core-service', name)).toEqual([
      '',
      `\`${environment}\``,
      `\`${name}\``,
      meaning,
      `\`${option.default}\``,
      '',
    ]);
    expect(name.toLowerCase().endsWith(option.unit)).toBe(true);
  });

  // A start checks those of other packages only.
  it('belong to one part each, with a default in range', () => {
    assertDistinct(coreParts);
    for (const part of coreParts) assertOptions(part);
  });

  it('begin with the defaults where one of two lifetimes is given', () => {
    expect(lifetimesMistake({ refreshTokenLifetimeSeconds: 3599 })).toContain(
      'accessTokenLifetimeSeconds, which is 3600',
    );
    expect(lifetimesMistake({})).toBeUndefined();
  });
});
