import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { checkOptions } from './check-options.js';
import { FOREIGN_OPTIONS, foreignFix } from './foreign-options.js';

const schema = z.strictObject({ deep: z.array(z.strictObject({ known: z.string().optional() })) });

/** A value that each of those that look at the value is about. */
const values: Record<string, unknown> = {
  recipeList: [],
  config: { thirdPartyId: 'google' },
  clientSecret: '',
  functions: (original: object) => original,
  apis: (original: object) => original,
};

describe('options of other libraries', () => {
  it.each([...new Set(FOREIGN_OPTIONS.map(({ name }) => name))])('%s is explained at any depth', (name) => {
    const fix = foreignFix(name, values[name]);
    expect(fix).toMatch(/^(Add|Remove|Give|Write|Keep|Leave|Override|A closure|A plugin) .*\.$/);
    expect(() => checkOptions('X', schema, { deep: [{}, { [name]: values[name] }] })).toThrow(
      `X: there is no option deep[1].${name}. ${fix}`,
    );
  });

  it('each has one explanation for one value', () => {
    const plain = FOREIGN_OPTIONS.filter(({ is }) => is === undefined).map(({ name }) => name);
    expect(new Set(plain).size).toBe(plain.length);
  });

  it('an option of ours with a wrong value keeps its own explanation', () => {
    const ours = z.strictObject({ recipeList: z.array(z.unknown(), 'a list of recipes'), session: z.string('a text') });
    expect(() => checkOptions('X', ours, { recipeList: {}, session: 7 })).toThrow(
      'X: option recipeList is {}. Give a list of recipes.\nX: option session is 7. Give a text.',
    );
  });

  it('a value of ours under the same name is not explained', () => {
    expect(foreignFix('functions', class {})).toBeUndefined();
    expect(foreignFix('clientSecret', 'secret', true)).toBeUndefined();
    expect(foreignFix('clientId', '', true)).toBeUndefined();
    expect(foreignFix('config', {})).toBeUndefined();
    expect(foreignFix('constructor', {})).toBeUndefined();
  });
});
