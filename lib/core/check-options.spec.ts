import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigurationError } from './auth.error.js';
import { anythingSchema, checkOptions, functionSchema } from './check-options.js';

const schema = z.strictObject(
  {
    name: z.string('a name'),
    tries: z.int('a whole number').optional(),
    hook: functionSchema<() => void>('a function').optional(),
    list: z.array(z.strictObject({ id: z.string('an id') }, 'an object with an id'), 'a list').optional(),
    other: anythingSchema().optional(),
  },
  'an object',
);

function messageFor(options: unknown): string {
  try {
    checkOptions('Thing.init', schema, options);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('The options were accepted');
}

const circular: Record<string, unknown> = {};
circular.self = circular;

describe('checkOptions', () => {
  it('hands over what is right, and leaves functions and instances as they are', () => {
    const options = { name: 'a', hook() {}, other: new Map() };
    const checked = checkOptions('Thing.init', schema, options);

    expect(checked).toEqual(options);
    expect(checked.other).toBe(options.other);
  });

  it.each<[unknown, string]>([
    [undefined, 'Thing.init: the options are missing. Give an object.'],
    [null, 'Thing.init: the options are null. Give an object.'],
    [[], 'Thing.init: the options are []. Give an object.'],
    [{}, 'Thing.init: option name is missing. Give a name.'],
    [{ name: 7 }, 'Thing.init: option name is 7. Give a name.'],
    [{ name: { first: 'a' } }, "Thing.init: option name is { first: 'a' }. Give a name."],
    [{ name: 7n }, 'Thing.init: option name is 7n. Give a name.'],
    [{ name: Symbol('s') }, 'Thing.init: option name is Symbol(s). Give a name.'],
    [{ name: () => 'a' }, 'Thing.init: option name is a function. Give a name.'],
    [{ name: circular }, 'Thing.init: option name is <ref *1> { self: [Circular *1] }. Give a name.'],
    [{ name: 'a', tries: Number.NaN }, 'Thing.init: option tries is NaN. Give a whole number.'],
    [{ name: 'a', tries: '1' }, 'Thing.init: option tries is "1". Give a whole number.'],
    [{ name: 'a', hook: 'x' }, 'Thing.init: option hook is "x". Give a function.'],
    [{ name: 'a', list: [{ id: 'x' }, {}] }, 'Thing.init: option list[1].id is missing. Give an id.'],
    [
      { name: 'a', list: [{ id: 'x', ID: 1 }] },
      'Thing.init: there is no option list[0].ID. Remove it, or correct its name.',
    ],
    [{ name: 'a', nmae: 'b' }, 'Thing.init: there is no option nmae. Remove it, or correct its name.'],
  ])('explains %p', (options, message) => {
    expect(messageFor(options)).toBe(message);
  });

  it('explains every mistake, one in a line', () => {
    expect(messageFor({ tries: 0.5, a: 1, b: 2 }).split('\n')).toEqual([
      'Thing.init: option name is missing. Give a name.',
      'Thing.init: option tries is 0.5. Give a whole number.',
      'Thing.init: there is no option a. Remove it, or correct its name.',
      'Thing.init: there is no option b. Remove it, or correct its name.',
    ]);
  });

  it('shortens long values', () => {
    const message = messageFor({ name: Array.from({ length: 500 }, (_, at) => at) });

    expect(message.length).toBeLessThan(150);
    expect(message).toContain('…. Give a name.');
  });

  it('does not print the value of an option that it does not know, which may be a secret', () => {
    expect(messageFor({ name: 'a', apiKey: 'hunter2' })).not.toContain('hunter2');
  });
});
